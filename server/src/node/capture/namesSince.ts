import type { Names } from "../../core/capture/columns/names.js";

/** The texts of a table from one index on. */
export function namesSince(names: Names, from: number): string[] {
  return Array.from({ length: names.size - from }, (_, index) => names.text(from + index));
}

import type { Names } from "../../core/capture/columns/names.js";
import type { ScannedLines } from "../../core/scan/lineScanner.js";
import { finishScan, type ScannedPart } from "../../core/scan/mergeScans.js";
import { textSource } from "./textSource.js";

/** Reads the unread lines of a part of a file. */
export function finishPart(lines: ScannedLines, names: Names, file: string): Omit<ScannedPart, "scanner" | "newNames"> {
  const { names: _, ...part } = finishScan(lines, names, textSource(file));
  return part;
}

import type { Section } from "../iproute/section.js";

/**
 * Whether a list without its command only repeats some lines of an earlier one, as people do when they write about it. Lists are
 * given as printed lines.
 */
export function isQuotation({ command }: Section, lines: readonly string[], earlier: readonly string[]): boolean {
  if (command || lines.length >= earlier.length) return false;
  const known = new Set(earlier);
  return lines.every((line) => known.has(line));
}

/** What changed from one list of printed lines to a later one, as the end of a sentence; undefined if nothing did. */
export function describeDifference(
  before: readonly string[],
  now: readonly string[],
  noun: string,
): string | undefined {
  const gone = countMissing(before, now);
  const come = countMissing(now, before);
  if (gone === 0 && come === 0) {
    return before.every((line, at) => line === now[at])
      ? undefined
      : "their order has changed. This later list counts.";
  }
  const parts = [...(gone ? [`${counted(gone, noun)} gone`] : []), ...(come ? [`${counted(come, noun)} new`] : [])];
  return `${parts.join(", ")}. This later list counts.`;
}

function counted(count: number, noun: string): string {
  return count === 1 ? `one ${noun} is` : `${count} ${noun}s are`;
}

/** How many lines of `from` are not in `other`, repeated ones counted. */
function countMissing(from: readonly string[], other: readonly string[]): number {
  const left = new Map<string, number>();
  for (const line of other) left.set(line, (left.get(line) ?? 0) + 1);
  let missing = 0;
  for (const line of from) {
    const count = left.get(line) ?? 0;
    if (count === 0) missing++;
    else left.set(line, count - 1);
  }
  return missing;
}

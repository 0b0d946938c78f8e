import type { ScannedCapture } from "./captureScanner.js";
import type { ScannedPart } from "./mergeScans.js";

/**
 * What was scanned of a capture before one of its messages, as a part to go on from: a capture that still grows may end within a line.
 *
 * @param offset where that message begins, in bytes
 * @param lines how many lines stand before it
 */
export function cutScan({ names, columns, ...scanned }: ScannedCapture, offset: number, lines: number): ScannedPart {
  let { length } = columns;
  while (length > 0 && (columns.start[length - 1] ?? 0) >= offset) length--;
  const isBefore = ({ place }: { readonly place: { readonly start: number } }): boolean => place.start < offset;
  const others = scanned.others.filter(isBefore);
  const problems = scanned.problems.filter(isBefore);
  const cutRows = columns.length - length;
  return {
    scanner: 0,
    newNames: Array.from({ length: names.size }, (_, index) => names.text(index)),
    columns: {
      ...columns,
      length,
      rare: new Map([...columns.rare].filter(([row]) => row < length)),
      losses: columns.losses
        .filter(({ row }) => row <= length)
        .slice(0, others.filter(({ kind }) => kind === "lost").length),
    },
    others,
    problems,
    problemCount: scanned.problemCount - (scanned.problems.length - problems.length),
    events: scanned.events - cutRows - (scanned.others.length - others.length),
    lines,
    marks: scanned.marks.filter((mark) => mark.offset < offset),
  };
}

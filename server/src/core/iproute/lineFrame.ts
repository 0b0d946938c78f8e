import type { Span } from "../text/span.js";

/**
 * What the lines of a list have in common that differ in a few words only: the texts between these words. The first of the words begins the
 * line; behind the last text the line ends.
 */
export type LineFrame = readonly string[];

/** The frame of a line in which the words at `gaps` may be others. The gaps are in order, and the first begins the line. */
export function frameOf(line: string, gaps: readonly Span[]): LineFrame {
  return gaps.map(({ end }, index) => line.slice(end, gaps[index + 1]?.start ?? line.length));
}

/**
 * Whether the line from `start` to `end` has a frame. Where its words stand in the gaps is written to `found`, starts and ends in turn; what
 * they are is not looked at, but none has a blank.
 *
 * @param firstEnd where the first of them ends, which its kind tells.
 */
export function fitsFrame(
  frame: LineFrame,
  text: string,
  start: number,
  firstEnd: number,
  end: number,
  found: number[],
): boolean {
  let from = start;
  for (let gap = 0; gap < frame.length; gap++) {
    const between = frame[gap] as string;
    const blank = gap === 0 ? firstEnd : text.indexOf(" ", from);
    const to = blank < 0 || blank > end ? end : blank;
    if (!text.startsWith(between, to)) return false;
    found[2 * gap] = from;
    found[2 * gap + 1] = to;
    from = to + between.length;
  }
  return from === end;
}

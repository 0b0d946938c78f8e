/**
 * How a text came from an earlier version of it: whole lines that differ, with all lines before and behind them the same. Where lines only
 * came or only went, those that are not there end before they begin.
 */
export interface Edit {
  /** Where the first line that differs begins, in both versions. */
  readonly start: number;
  /** Where the last one ends in the earlier version, without its terminator ... */
  readonly oldEnd: number;
  /** ... and in the later one. */
  readonly end: number;
}

/** So many code units are compared at once. */
const stride = 4096;

/** The lines that differ between two versions of a text; undefined where none does. */
export function findEdit(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head + stride <= shorter && before.slice(head, head + stride) === after.slice(head, head + stride))
    head += stride;
  while (head < shorter && before.charCodeAt(head) === after.charCodeAt(head)) head++;
  const start = head === 0 ? 0 : before.lastIndexOf("\n", head - 1) + 1;
  const most = shorter - start;
  const [oldLength, length] = [before.length, after.length];
  let tail = 0;
  while (
    tail + stride <= most &&
    before.slice(oldLength - tail - stride, oldLength - tail) === after.slice(length - tail - stride, length - tail)
  ) {
    tail += stride;
  }
  while (tail < most && before.charCodeAt(oldLength - tail - 1) === after.charCodeAt(length - tail - 1)) tail++;
  const isLineStart = (text: string) =>
    text.length - tail === start || text.charCodeAt(text.length - tail - 1) === lineFeed;
  const lineEnd = before.indexOf("\n", oldLength - tail);
  const oldEnd = isLineStart(before) && isLineStart(after) ? oldLength - tail - 1 : lineEnd < 0 ? oldLength : lineEnd;
  return { start, oldEnd, end: oldEnd + length - oldLength };
}

const lineFeed = 10;

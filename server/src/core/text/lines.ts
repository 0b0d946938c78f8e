import type { Span } from "./span.js";

/**
 * Finds the ends of lines: answers where the line ends that begins at an offset, in front of its terminator. `\n`, `\r\n` and a lone `\r` all
 * end a line. Linear in the text where it is asked for one line after the other.
 *
 * @param until where the last line ends, whatever stands behind.
 */
export function lineEnds(text: string, until = text.length): (start: number) => number {
  let feed = -1;
  let carriage = -1;
  const next = (terminator: "\n" | "\r", from: number): number => {
    const at = text.indexOf(terminator, from);
    return at < 0 || at > until ? until : at;
  };
  return (start) => {
    if (feed < start) feed = next("\n", start);
    if (carriage < start) carriage = next("\r", start);
    return Math.min(feed, carriage);
  };
}

/** Where the next line begins, behind the terminator that stands at `end`. */
export function lineBehind(text: string, end: number): number {
  return text.charCodeAt(end) === 13 && text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1;
}

/**
 * The lines of a text, or of a stretch of it, as spans, without their terminators. A terminator at the very end does not start another,
 * empty line.
 */
export function* lineSpans(text: string, from = 0, until = text.length): Generator<Span> {
  const endOf = lineEnds(text, until);
  for (let start = from; start < until; ) {
    const end = endOf(start);
    yield { start, end };
    start = lineBehind(text, end);
  }
}

import type { Span } from "./span.js";

/**
 * The lines of a text, or of a stretch of it, as spans, without their terminators. `\n`, `\r\n` and a lone `\r` all end a line.
 * A terminator at the very end does not start another, empty line.
 */
export function* lineSpans(text: string, from = 0, until = text.length): Generator<Span> {
  let start = from;
  for (let at = from; at < until; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    yield { start, end: at };
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at++;
    start = at + 1;
  }
  if (start < until) yield { start, end: until };
}

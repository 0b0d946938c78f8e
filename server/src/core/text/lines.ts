import type { Span } from "./span.js";

/**
 * The lines of a text as spans, without their terminators. `\n`, `\r\n` and a lone `\r` all end a line.
 * A terminator at the very end does not start another, empty line.
 */
export function* lineSpans(text: string): Generator<Span> {
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 10 && unit !== 13) continue;
    yield { start, end: at };
    if (unit === 13 && text.charCodeAt(at + 1) === 10) at++;
    start = at + 1;
  }
  if (start < text.length) yield { start, end: text.length };
}

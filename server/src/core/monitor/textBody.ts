import type { Span } from "../text/span.js";
import { skipBlank, withoutNoise } from "./lineNoise.js";

/** A line of text without what tools put around it. */
export interface TextBody {
  /** Where the first character that is neither blank nor noise stands; the end of the line where there is none. */
  readonly start: number;
  /** Where the line itself begins, behind a prefix. */
  readonly body: number;
  /** The line from there on, without noise and trailing blanks. */
  readonly line: string;
}

/** What `grep -n` and `kubectl logs --prefix` put before a line. A date or a time of day begins with a number as well. */
const prefix = /(?:(?!\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d)\d{1,9}[:-] ?|\[pod\/[^\]\s]{1,300}\] )?/y;

/** The body of the line that stands in `span`, behind blanks, noise and the prefixes of grep and kubectl. */
export function textBody(text: string, span: Span): TextBody {
  const start = Math.min(skipBlank(text, span.start), span.end);
  prefix.lastIndex = start;
  prefix.test(text);
  const body = Math.min(prefix.lastIndex, span.end);
  return { start, body, line: withoutNoise(text.slice(body, span.end)).trimEnd() };
}

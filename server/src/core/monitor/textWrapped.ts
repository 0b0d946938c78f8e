import type { Span } from "../text/span.js";
import type { MonitorEvent } from "./event.js";
import { textBody } from "./textBody.js";
import { readTextEvent, unreadEvent } from "./textLine.js";
import type { DecodedBlock } from "./verboseBlock.js";

/** No line of text that names a packet is longer than four lines of a terminal. */
const mostLines = 4;

/** Whether an event of a text line has its packet: of a line that breaks off in its connection, everything else can be read. */
export function isWhole(event: MonitorEvent): boolean {
  const needsPacket = event.type === "trace" || event.type === "drop" || event.type === "policy-verdict";
  return !needsPacket || event.headers !== undefined || event.hubble !== undefined;
}

/**
 * Re-joins an event of text that a terminal or an editor wrapped: the line opens like an event but lacks its packet, and gets it from
 * the next lines, none of which is an event itself. `undefined` where that is not so.
 */
export function readWrappedText(
  file: string,
  text: string,
  lines: readonly Span[],
  index: number,
): DecodedBlock | undefined {
  const first = lines[index];
  if (!first) return undefined;
  const { body, line } = textBody(text, first);
  if (unreadEvent(line) === undefined) return undefined;
  const parts = [line];
  for (let next = index + 1; next < index + mostLines; next++) {
    const span = lines[next];
    if (!span) return undefined;
    const place = { file, start: body, end: span.end };
    const part = textBody(text, span).line;
    if (part === "" || part.startsWith("{") || unreadEvent(part) !== undefined || readTextEvent(part, place))
      return undefined;
    parts.push(part);
    // A terminal wraps inside of words, an editor between them.
    for (const joined of [parts.join(" "), parts.join("")]) {
      const event = readTextEvent(joined, place);
      if (event && isWhole(event)) return { decoded: { type: "event", event, problems: [] }, index: next };
    }
  }
  return undefined;
}

import type { Place, Span } from "../text/span.js";
import type { DecodedLine } from "./event.js";
import { decodeJson } from "./jsonLine.js";
import { objectEnd, objectStart } from "./jsonObject.js";
import { skipBlank } from "./lineNoise.js";
import { textBody } from "./textBody.js";
import { readTextEvent, unreadEvent } from "./textLine.js";

/**
 * What one line of a capture says. `span` is the line within `text`, without its end. An event's place is its own text: of a JSON
 * line the object alone, without what a tool put before it or a copy glued behind it.
 *
 * A JSON object that does not close within the line is a problem here; `readCapture` knows the lines that follow and re-joins it.
 * Takes time linear in the line's length and never throws.
 */
export function decodeLine(file: string, text: string, span: Span): DecodedLine {
  const start = objectStart(text, span);
  if (!start) return decodeText(file, text, span);
  const end = objectEnd(text, start.at, span.end);
  const isWhole = end.type === "closed";
  const object: Place = { file, start: start.at, end: isWhole ? end.end : span.end };
  // Prose and other programs' logs may hold JSON of their own: only what opens like a message, or a line, has to be one.
  const mayBeText = start.kind === "other" && skipBlank(text, span.start) !== start.at;
  if (!isWhole) {
    if (mayBeText) return decodeText(file, text, span);
    const message =
      end.type === "too-deep"
        ? "This JSON object is nested deeper than any message of `cilium monitor`. Nothing of it is used."
        : "This message is cut off: the JSON object that opens here has no end. Nothing of it is used.";
    return { type: "problem", problem: { place: object, message } };
  }
  const decoded = decodeJson(file, text, object);
  return decoded.type === "problem" && mayBeText ? decodeText(file, text, span) : decoded;
}

function decodeText(file: string, text: string, span: Span): DecodedLine {
  const { start, body, line } = textBody(text, span);
  const event = readTextEvent(line, { file, start: body, end: span.end });
  if (event) return { type: "event", event, problems: [] };
  const place: Place = { file, start, end: span.end };
  const message = unreadEvent(line);
  return message === undefined ? { type: "remark", place } : { type: "problem", problem: { place, message } };
}

import type { Place, Span } from "../text/span.js";
import type { DecodedLine } from "./event.js";
import { decodeJson } from "./jsonLine.js";
import { type ObjectStart, objectEnd, objectStart } from "./jsonObject.js";
import { type TextBody, textBody } from "./textBody.js";
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
  return start ? decodeObject(file, text, span, start) : decodeText(file, span, textBody(text, span));
}

/** What a line says in which an object opens at `start`. */
export function decodeObject(file: string, text: string, span: Span, start: ObjectStart): DecodedLine {
  const end = objectEnd(text, start.at, span.end);
  const isWhole = end.type === "closed";
  const object: Place = { file, start: start.at, end: isWhole ? end.end : span.end };
  // Prose and other programs' logs may hold JSON of their own: only what opens like a message has to be one.
  const mayBeText = start.kind === "other";
  if (!isWhole) {
    if (mayBeText) return decodeText(file, span, textBody(text, span));
    const message =
      end.type === "too-deep"
        ? "This JSON object is nested deeper than any message of `cilium monitor`. Nothing of it is used."
        : "This message is cut off: the JSON object that opens here has no end. Nothing of it is used.";
    return { type: "problem", problem: { place: object, message } };
  }
  const decoded = decodeJson(file, text, object);
  return decoded.type === "problem" && mayBeText ? decodeText(file, span, textBody(text, span)) : decoded;
}

/** What a line of text says, given its body. */
export function decodeText(file: string, span: Span, { start, body, line }: TextBody): DecodedLine {
  const event = readTextEvent(line, { file, start: body, end: span.end });
  if (event) return { type: "event", event, problems: [] };
  const place: Place = { file, start, end: span.end };
  const message = unreadEvent(line);
  return message === undefined ? { type: "remark", place } : { type: "problem", problem: { place, message } };
}

import type { MonitorEvent } from "../../monitor/event.js";
import { decodeJsonString, type JsonPlace, jsonPlaceAt } from "../../monitor/jsonPlaces.js";
import { layerFields } from "../../monitor/layerFields.js";
import type { Span } from "../../text/span.js";
import type { Explanation } from "../explanation.js";
import { explainEvent } from "./explainEvent.js";
import { type EventContext, type EventField, explainEventField } from "./explainEventField.js";
import { textFieldAt } from "./textFieldAt.js";

/** What stands at a place of the text, explained, with the stretch that it is about. */
export interface ExplainedPlace {
  readonly explanation: Explanation;
  readonly span: Span;
}

/**
 * Explains what stands at `offset` in the text that `event` was read from: a field with its key, one word of a layer
 * (`TTL=62` in `summary.ipv4`), or the whole event. `undefined` where the offset lies outside the event.
 */
export function explainAt(
  text: string,
  event: MonitorEvent,
  offset: number,
  context: EventContext = {},
): ExplainedPlace | undefined {
  const { place } = event;
  if (offset < place.start || offset >= place.end) return undefined;
  const whole = { explanation: explainEvent(event, context), span: { start: place.start, end: place.end } };
  if (text.charAt(place.start) !== "{") {
    const found = textFieldAt(text, event, lineAt(text, place, offset), offset);
    return found ? { explanation: explainEventField(event, found.field, context), span: found.span } : whole;
  }
  const found = jsonPlaceAt(text, place, offset);
  if (!found || found.path.length === 0) return whole;
  const word = wordAt(text, found, offset);
  if (word) return { explanation: explainEventField(event, word.field, context), span: word.span };
  const span = { start: (found.key ?? found.value).start, end: found.value.end };
  return { explanation: explainEventField(event, fieldAt(text, found), context), span };
}

/** The line of an event's text that holds the offset; an event of text may have several. At most 2,000 characters of it. */
function lineAt(text: string, place: Span, offset: number): Span {
  const words = text.slice(place.start, place.end);
  const at = offset - place.start;
  const start = place.start + Math.max(words.lastIndexOf("\n", at - 1), words.lastIndexOf("\r", at - 1)) + 1;
  const after = words.slice(at).search(/[\r\n]/);
  return { start, end: Math.min(after < 0 ? place.end : offset + after, start + 2000) };
}

function fieldAt(text: string, { path, kind, value }: JsonPlace): EventField {
  if (kind === "string") return isLayer(path) ? { path } : { path, value: decodeJsonString(text, value).value };
  return kind === "other" ? { path, value: text.slice(value.start, value.end).trimEnd() } : { path };
}

/** The `Name=value` of a layer's text that holds the offset. */
function wordAt(text: string, found: JsonPlace, offset: number): { field: EventField; span: Span } | undefined {
  if (found.kind !== "string" || !isLayer(found.path)) return undefined;
  const { value, offsets } = decodeJsonString(text, found.value);
  const at = (index: number) => offsets[index] ?? found.value.end;
  for (const field of layerFields(value)) {
    const span = { start: at(field.nameSpan.start), end: at(field.valueSpan.end) };
    if (offset < span.start || offset >= span.end) continue;
    return { field: { path: [...found.path, field.name], value: field.value }, span };
  }
  return undefined;
}

/** Layers stand directly in `summary`, or in its `tunnel`. */
function isLayer(path: JsonPlace["path"]): boolean {
  return path[0] === "summary" && path.length === (path[1] === "tunnel" ? 3 : 2);
}

import type { MonitorEvent } from "../../monitor/event.js";
import { jsonPlaceAt } from "../../monitor/jsonPlaces.js";
import { layerFields } from "../../monitor/layerFields.js";
import { pwruParts } from "../../monitor/pwruText.js";
import type { Span } from "../../text/span.js";
import { hubbleTextFieldAt } from "./hubbleTextFieldAt.js";
import { type FieldPlace, fieldAmong, partAt, textFields } from "./textFields.js";

/** A layer as `-vv` prints it, on a line of its own. */
const layer = /^(?:\[ IP-TRACE-ID=\d{1,20})?([A-Z][A-Za-z0-9]{1,11})[\t ]{1,16}\{/;

/**
 * The field that stands at `offset` in a line of text, by the key of the JSON that says the same, with its place. `line` is where the
 * line stands in `text`. `undefined` for words between fields.
 */
export function textFieldAt(text: string, event: MonitorEvent, line: Span, offset: number): FieldPlace | undefined {
  const words = text.slice(line.start, line.end);
  if (event.hubble) return hubbleTextFieldAt(words, event, line.start, offset);
  if (event.type === "pwru") return partAt(pwruParts(words), line.start, offset);
  const name = layer.exec(words)?.[1]?.toLowerCase();
  if (name !== undefined) return layerFieldAt(words, name, line.start, offset);
  if (event.type === "agent") {
    const payload = payloadAt(text, words, line, offset);
    if (payload) return payload;
  }
  return fieldAmong(textFields[event.type] ?? [], words, line.start, offset);
}

/** A word of a layer, else the layer. */
function layerFieldAt(words: string, name: string, start: number, offset: number): FieldPlace {
  for (const { name: word, value, nameSpan, valueSpan } of layerFields(words)) {
    const span = { start: start + nameSpan.start, end: start + valueSpan.end };
    if (offset >= span.start && offset < span.end) return { field: { path: ["summary", name, word], value }, span };
  }
  return { field: { path: ["summary", name] }, span: { start, end: start + words.length } };
}

/** What stands in the JSON behind `>> Policy updated: `. */
function payloadAt(text: string, words: string, line: Span, offset: number): FieldPlace | undefined {
  const open = words.indexOf(": {");
  if (open < 0) return undefined;
  const found = jsonPlaceAt(text, { start: line.start + open + 2, end: line.end }, offset);
  if (!found || found.path.length === 0) return undefined;
  const value = text.slice(found.value.start, found.value.end);
  const span = { start: (found.key ?? found.value).start, end: found.value.end };
  return { field: { path: ["message", ...found.path], ...(found.kind === "other" && { value }) }, span };
}

import type { CaseNode } from "../case/case.js";
import { jsonPlaceOf } from "../monitor/jsonPlaces.js";
import type { Place } from "../text/span.js";

/** The place of a field in the JSON line of an event, key included; the whole event where it has no such field. */
export function fieldPlace(node: CaseNode, event: Place, field: string): Place {
  const text = node.files.find(({ file }) => file === event.file)?.text;
  const found = text === undefined ? undefined : jsonPlaceOf(text, event, [field]);
  return found ? { file: event.file, start: (found.key ?? found.value).start, end: found.value.end } : event;
}

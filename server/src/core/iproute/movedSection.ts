import type { Edit } from "../text/findEdit.js";
import type { Place, Span } from "../text/span.js";
import { movedRoute } from "./movedRoute.js";
import { movedPlace, movedRule } from "./movedRule.js";
import type { Section } from "./section.js";

/** The first of some items, in the order of the text, that begins at or behind an offset, by its position. */
export function firstFrom(items: readonly { readonly place: Span }[], offset: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.place.start ?? offset) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The section after an edit that changed none of its own lines; what stands behind the edit moves. Undefined where that can't be told. */
export function movedSection(section: Section, edit: Edit): Section | undefined {
  const { oldEnd, end } = edit;
  const by = end - oldEnd;
  if (by === 0 || section.place.end <= edit.start) return section;
  if (section.kind === "rules") {
    const { rules } = section;
    const from = firstFrom(rules, oldEnd);
    const moved = rules.map((rule, at) => (at < from ? rule : movedRule(rule, by)));
    return { ...section, ...movedHead(section, edit), rules: moved };
  }
  if (section.kind === "routes") {
    const { routes } = section;
    const from = firstFrom(routes, oldEnd);
    const moved = routes.map((route, at) => (at < from ? route : movedRoute(route, by)));
    return { ...section, ...movedHead(section, edit), routes: moved };
  }
  if (section.place.start <= oldEnd) return undefined;
  if (section.kind !== "change") return movedPlaces(section, by);
  const { rule, route, ...head } = section;
  return {
    ...movedPlaces(head, by),
    ...(rule && { rule: movedRule(rule, by) }),
    ...(route && { route: movedRoute(route, by) }),
  };
}

/** Where a section stands after an edit, and its command. */
function movedHead({ place, command }: Section, edit: Edit): Pick<Section, "place" | "command"> {
  return {
    place: placeAfter(place, edit),
    ...(command && { command: { ...command, place: placeAfter(command.place, edit) } }),
  };
}

/** A place after an edit: each of its ends moves if it stands behind the edit. */
export function placeAfter({ file, start, end }: Place, edit: Edit): Place {
  const by = edit.end - edit.oldEnd;
  return { file, start: start <= edit.oldEnd ? start : start + by, end: end <= edit.oldEnd ? end : end + by };
}

/** A value with all places in it moved. Only for what holds no other stretches of the text. */
function movedPlaces<T>(value: T, by: number): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => movedPlaces(item, by)) as T;
  const moved = Object.entries(value).map(([key, item]) => [
    key,
    key === "place" ? movedPlace(item as Place, by) : movedPlaces(item, by),
  ]);
  return Object.fromEntries(moved);
}

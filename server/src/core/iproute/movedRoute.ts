import { movedPlace, movedSpan } from "./movedRule.js";
import type { Route } from "./route.js";

/**
 * A route of which nothing but its place changed: what stands before it in the text became longer or shorter by `by` code units. Member by
 * member, as `movedRule`.
 */
export function movedRoute(route: Route, by: number): Route {
  const moved: { -readonly [Member in keyof Route]: Route[Member] } = {
    family: route.family,
    type: route.type,
    dst: route.dst,
    nexthops: route.nexthops,
    table: route.table,
    place: movedPlace(route.place, by),
  };
  if (route.protocol !== undefined) moved.protocol = route.protocol;
  if (route.scope !== undefined) moved.scope = route.scope;
  if (route.src) moved.src = route.src;
  if (route.metric !== undefined) moved.metric = route.metric;
  if (route.from) moved.from = route.from;
  if (route.tos !== undefined) moved.tos = route.tos;
  if (route.nhid !== undefined) moved.nhid = route.nhid;
  if (route.pref) moved.pref = route.pref;
  if (route.attributes) moved.attributes = route.attributes;
  if (route.incomplete) moved.incomplete = route.incomplete;
  if (route.rest) moved.rest = movedSpan(route.rest, by);
  return moved;
}

/**
 * Whether one route is the other, perhaps at another place. Quick, and only for routes that come from one reading: of equal routes that
 * were read twice it says no.
 */
export function isMovedRoute(a: Route, b: Route): boolean {
  return (
    a === b ||
    (a.dst === b.dst &&
      a.nexthops === b.nexthops &&
      a.type === b.type &&
      a.table === b.table &&
      a.family === b.family &&
      a.from === b.from &&
      a.tos === b.tos &&
      a.protocol === b.protocol &&
      a.scope === b.scope &&
      a.src === b.src &&
      a.metric === b.metric &&
      a.nhid === b.nhid &&
      a.pref === b.pref &&
      a.attributes === b.attributes &&
      a.incomplete === b.incomplete)
  );
}

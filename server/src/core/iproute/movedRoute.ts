import { movedPlace, movedSpan } from "./movedRule.js";
import type { Route } from "./route.js";

/** A route of which nothing but its place changed: what stands before it in the text became longer or shorter by `by` code units. */
export function movedRoute(route: Route, by: number): Route {
  const moved = { ...route, place: movedPlace(route.place, by) };
  return route.rest ? { ...moved, rest: movedSpan(route.rest, by) } : moved;
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

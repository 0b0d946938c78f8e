import type { Route } from "../iproute/route.js";
import type { Family } from "../net/address.js";
import type { FamilyChange } from "../state/familyChange.js";
import type { NodeState } from "../state/nodeState.js";

/** The routes that came or went in one family of a state, of all tables. */
export function changedRoutes({ before, routes }: FamilyChange, state: NodeState, family: Family): Route[] {
  return [...routes].flatMap(([id, { start, end, oldEnd }]) => [
    ...(before.families[family].tables.get(id)?.routes.slice(start, oldEnd) ?? []),
    ...(state.families[family].tables.get(id)?.routes.slice(start, end) ?? []),
  ]);
}

import { isMovedRoute } from "../iproute/movedRoute.js";
import { isMovedRule } from "../iproute/movedRule.js";
import type { Route } from "../iproute/route.js";
import type { Family } from "../net/address.js";
import type { Prefix } from "../net/prefix.js";
import { sameButPlaces } from "../text/sameButPlaces.js";
import { earlierState } from "./earlierState.js";
import type { FamilyState, NodeState, Table } from "./nodeState.js";

/** The stretch in which a list differs from an earlier one. Before and behind it the items are the same, perhaps at other places of the text. */
export interface ListChange {
  readonly start: number;
  /** Behind the last new item, in the list as it is ... */
  readonly end: number;
  /** ... and behind the last one that is gone, in the earlier list. */
  readonly oldEnd: number;
}

/** How the rules and routes of one family came from those of the earlier state. */
export interface FamilyChange {
  readonly before: NodeState;
  readonly rules: ListChange;
  /** The destinations of routes that came or went, by the table. Tables that hold the same are not listed. */
  readonly tables: ReadonlyMap<number, readonly Prefix[]>;
  /** The same by the positions of the routes. Tables that are the very same value are not listed. */
  readonly routes: ReadonlyMap<number, ListChange>;
}

/** More changed rules or routes of one table than this are another list, not an edited one. */
const changeLimit = 64;

const known = new WeakMap<NodeState, Map<Family, FamilyChange | undefined>>();

/**
 * What is different from the earlier state, where that was noted and only a few rules and routes changed: undefined also where anything
 * else changed that look-ups rest on. Compared once for each state.
 */
export function familyChange(state: NodeState, family: Family): FamilyChange | undefined {
  const ofState = known.get(state) ?? new Map<Family, FamilyChange | undefined>();
  known.set(state, ofState);
  if (!ofState.has(family)) ofState.set(family, findChange(state, family));
  return ofState.get(family);
}

/** Where the item at a position stood in the earlier list; -1 for a new one. */
export function carriedFrom({ start, end, oldEnd }: ListChange, at: number): number {
  return at < start ? at : at < end ? -1 : at - end + oldEnd;
}

/** Where the item at a position of the earlier list stands now; -1 for one that is gone. */
export function carriedTo({ start, end, oldEnd }: ListChange, at: number): number {
  return at < start ? at : at < oldEnd ? -1 : at - oldEnd + end;
}

function findChange(state: NodeState, family: Family): FamilyChange | undefined {
  const before = earlierState(state);
  if (!before || !sameSurroundings(state, before)) return undefined;
  const now = state.families[family];
  const then = before.families[family];
  if (!now.rules || !then.rules || !sameListing(now, then)) return undefined;
  const rules = listChange(then.rules, now.rules, isMovedRule);
  const routes = routeChanges(now, then);
  return routes && isSmall(rules) ? { before, rules, tables: destinations(routes, now, then), routes } : undefined;
}

function sameSurroundings(a: NodeState, b: NodeState): boolean {
  return (
    a.linksComplete === b.linksComplete &&
    sameMap(a.links, b.links) &&
    sameMap(a.sysctls, b.sysctls) &&
    sameMap(a.tableNames, b.tableNames)
  );
}

function sameListing(a: FamilyState, b: FamilyState): boolean {
  return (
    a.rulesComplete === b.rulesComplete &&
    a.allTablesDumped === b.allTablesDumped &&
    a.customRulesEver === b.customRulesEver &&
    sameButPlaces(a.hiddenSelectors, b.hiddenSelectors) &&
    a.tables.size === b.tables.size
  );
}

function sameMap<K, V>(a: ReadonlyMap<K, V>, b: ReadonlyMap<K, V>): boolean {
  if (a === b) return true;
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !sameButPlaces(value, b.get(key))) return false;
  return true;
}

function routeChanges(now: FamilyState, then: FamilyState): ReadonlyMap<number, ListChange> | undefined {
  const changes = new Map<number, ListChange>();
  for (const [id, table] of now.tables) {
    const old = then.tables.get(id);
    if (old === table) continue;
    if (!old || table.origin !== old.origin || table.exact !== old.exact || table.name !== old.name) return undefined;
    const change = listChange(old.routes, table.routes, sameRoute(table));
    if (!isSmall(change)) return undefined;
    changes.set(id, change);
  }
  return changes;
}

function destinations(
  changes: ReadonlyMap<number, ListChange>,
  now: FamilyState,
  then: FamilyState,
): ReadonlyMap<number, readonly Prefix[]> {
  const changed = new Map<number, readonly Prefix[]>();
  for (const [id, { start, end, oldEnd }] of changes) {
    const gone = then.tables.get(id)?.routes.slice(start, oldEnd) ?? [];
    const routes = [...gone, ...(now.tables.get(id)?.routes.slice(start, end) ?? [])];
    if (routes.length > 0) {
      changed.set(
        id,
        routes.map(({ dst }) => dst),
      );
    }
  }
  return changed;
}

/** The routes of a table that was put together are made anew each time. */
function sameRoute({ origin }: Table): (a: Route, b: Route) => boolean {
  return origin === "derived" ? sameButPlaces : isMovedRoute;
}

function isSmall({ start, end, oldEnd }: ListChange): boolean {
  return end - start <= changeLimit && oldEnd - start <= changeLimit;
}

/** The one stretch in which two lists differ; empty where they are the same. */
function listChange<T>(before: readonly T[], after: readonly T[], same: (a: T, b: T) => boolean): ListChange {
  const shorter = Math.min(before.length, after.length);
  // A list that nothing was read anew of is the very same.
  let start = before === after ? shorter : 0;
  while (start < shorter && same(before[start] as T, after[start] as T)) start++;
  let end = after.length;
  let oldEnd = before.length;
  while (end > start && oldEnd > start && same(before[oldEnd - 1] as T, after[end - 1] as T)) {
    end--;
    oldEnd--;
  }
  return { start, end, oldEnd };
}

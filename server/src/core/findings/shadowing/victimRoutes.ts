import { type AddressClasses, classesWithin, exampleOfClass } from "../../fib/addressClasses.js";
import type { Fib } from "../../fib/compileFib.js";
import { fibOf } from "../../fib/fibOf.js";
import type { AddressRange } from "../../fib/reach/addressRanges.js";
import { prefixRange } from "../../fib/reach/addressRanges.js";
import { carriedDeciders, firstDecider } from "../../fib/reach/destinationRules.js";
import type { Route } from "../../iproute/route.js";
import type { Address } from "../../net/address.js";
import { familyChange } from "../../state/familyChange.js";
import type { FamilyState } from "../../state/nodeState.js";
import type { VictimKind } from "../finding.js";

/** A route that rules may take packets away from, with what holds for all rules alike. */
export interface VictimRoute {
  readonly route: Route;
  /** The table it is in, and its position there. */
  readonly table: number;
  readonly at: number;
  readonly kind: VictimKind;
  readonly range: AddressRange;
  /** An address that belongs to it and to no longer prefix of any table. */
  readonly example: Address;
  /** The position of the last rule that looks its table up: no rule from there on takes anything away from it. */
  readonly lastLookup: number;
  /** The position of the first rule that decides about every packet to the example: no later rule gets any. */
  readonly decidedAt: number;
}

type KindOf = (route: Route, family: FamilyState) => VictimKind | undefined;

const known = new WeakMap<Fib, Map<KindOf, readonly VictimRoute[]>>();

/** The routes of all tables that rules look up and that are of a kind, in the order of their destinations. Found once for each state. */
export function victimRoutes(fib: Fib, examples: AddressClasses, kindOf: KindOf): readonly VictimRoute[] {
  const ofFib = known.get(fib) ?? new Map<KindOf, readonly VictimRoute[]>();
  known.set(fib, ofFib);
  const found = ofFib.get(kindOf) ?? carriedRoutes(fib, kindOf) ?? findRoutes(fib, examples, kindOf);
  ofFib.set(kindOf, found);
  return found;
}

function findRoutes(fib: Fib, examples: AddressClasses, kindOf: KindOf): readonly VictimRoute[] {
  const found: { readonly place: number; readonly victim: VictimRoute }[] = [];
  for (const [table, lastLookup] of lastLookups(fib)) {
    for (const [at, route] of (fib.familyState.tables.get(table)?.routes ?? []).entries()) {
      if (route.type !== "unicast" || route.dst.length === 0) continue;
      const kind = kindOf(route, fib.familyState);
      if (!kind) continue;
      const [place = 0] = classesWithin(examples, route.dst);
      const example = exampleOfClass(examples, place);
      if (!example) continue;
      const range = prefixRange(route.dst);
      const decidedAt = firstDecider(fib, example);
      found.push({ place, victim: { route, table, at, kind, range, example, lastLookup, decidedAt } });
    }
  }
  return found.sort((a, b) => a.place - b.place).map(({ victim }) => victim);
}

const lookups = new WeakMap<Fib, ReadonlyMap<number, number>>();

/** By table, the position of the last rule that looks it up. */
function lastLookups(fib: Fib): ReadonlyMap<number, number> {
  const known = lookups.get(fib);
  if (known) return known;
  const last = new Map<number, number>();
  for (const [at, { tableId }] of (fib.rules ?? []).entries()) if (tableId !== undefined) last.set(tableId, at);
  lookups.set(fib, last);
  return last;
}

/** Those of the earlier state, where its tables hold the same and are still looked up. */
function carriedRoutes(fib: Fib, kindOf: KindOf): readonly VictimRoute[] | undefined {
  const { state, family, familyState } = fib;
  const change = familyChange(state, family);
  const before = change?.tables.size === 0 ? fibOf(change.before, family) : undefined;
  const old = before && known.get(before)?.get(kindOf);
  const decided = before && carriedDeciders(before, fib);
  if (!old || !decided) return undefined;
  const last = lastLookups(fib);
  const then = lastLookups(before);
  if (last.size !== then.size || [...last.keys()].some((table) => !then.has(table))) return undefined;
  return old.map((victim) => ({
    ...victim,
    route: familyState.tables.get(victim.table)?.routes[victim.at] ?? victim.route,
    lastLookup: last.get(victim.table) ?? victim.lastLookup,
    decidedAt: decided(victim.example, victim.decidedAt),
  }));
}

const enclosing = new WeakMap<readonly VictimRoute[], Int32Array>();

/** For each of some sorted routes the position of the narrowest one around it, or -1. */
function enclosingOf(routes: readonly VictimRoute[]): Int32Array {
  const known = enclosing.get(routes);
  if (known) return known;
  const outer = new Int32Array(routes.length);
  for (const [at, { range }] of routes.entries()) {
    let around = at - 1;
    while (around >= 0 && (routes[around] as VictimRoute).range.last < range.first) around = outer[around] as number;
    outer[at] = around;
  }
  enclosing.set(routes, outer);
  return outer;
}

/** Those of some sorted routes that have an address in common with a range, in order. */
export function overlappingRoutes(routes: readonly VictimRoute[], range: AddressRange): readonly VictimRoute[] {
  const start = firstBehind(routes, range.first);
  const outer = enclosingOf(routes);
  const around: VictimRoute[] = [];
  for (let at = start - 1; at >= 0; at = outer[at] as number) {
    const route = routes[at] as VictimRoute;
    if (route.range.last >= range.first) around.unshift(route);
  }
  return [...around, ...routes.slice(start, firstBehind(routes, range.last + 1n))];
}

/** The position of the first of some sorted routes that begins at or behind an address. */
export function firstBehind(routes: readonly VictimRoute[], address: bigint): number {
  let low = 0;
  let high = routes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((routes[middle] as VictimRoute).range.first < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Those of some routes from which rules may still take something away, for one rule after the other: what earlier rules have done with is
 * sorted out whenever it makes up half of them, so that a long list of rules does not come by all of it each time. Only for rules that
 * leave the destination open, which ask for each route's example.
 *
 * @returns a function from the positions of rules, ascending, to the routes that are left, some others among them.
 */
export function routesLeft(all: readonly VictimRoute[]): (at: number) => readonly VictimRoute[] {
  const ends = Int32Array.from(all, lastTaker).sort();
  let left = all;
  let done = 0;
  return (at) => {
    while (done < ends.length && (ends[done] as number) < at) done++;
    if (all.length - done < left.length / 2) left = left.filter((victim) => lastTaker(victim) >= at);
    return left;
  };
}

/** The position of the last rule that can take packets to the example away from a route. */
function lastTaker({ lastLookup, decidedAt }: VictimRoute): number {
  return Math.min(lastLookup - 1, decidedAt);
}

import { type AddressClasses, exampleOfClass } from "../../fib/addressClasses.js";
import { changedRoutes } from "../../fib/changedRoutes.js";
import type { Fib } from "../../fib/compileFib.js";
import { fibOf } from "../../fib/fibOf.js";
import { perFamily } from "../../fib/perFamily.js";
import { routesTo } from "../../fib/prefixIndex.js";
import { leafOf, prefixesAround } from "../../fib/prefixLeaves.js";
import { type AddressRange, prefixRange, subtractAddresses } from "../../fib/reach/addressRanges.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";
import { exampleDestinations } from "../../fib/reach/exampleDestinations.js";
import { changedDeciders, firstDecider } from "../../fib/reach/firstDecider.js";
import type { RuleIndex } from "../../fib/reach/ruleIndex.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import type { Route } from "../../iproute/route.js";
import { type Address, type Family, familyBits } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { carriedTo, type FamilyChange, type ListChange } from "../../state/familyChange.js";
import type { FamilyState, NodeState } from "../../state/nodeState.js";
import type { VictimKind } from "../finding.js";
import { podRange } from "../pods/peerPods.js";
import { overlappingRoutes, stretchOf } from "./sortedRoutes.js";

/** A route that rules may take packets away from, with what holds for all rules alike. */
export interface VictimRoute {
  /** As it was read, perhaps at another place of a text that was edited since. */
  readonly route: Route;
  /** The table it is in. */
  readonly table: number;
  readonly kind: VictimKind;
  readonly range: AddressRange;
  /** An address that belongs to it and to no longer prefix of any table; undefined where there is none. */
  readonly example: Address | undefined;
  /** The position of a rule that decides about every packet to its addresses: no later rule gets any. Behind the last rule where none is known. */
  readonly decidedAt: number;
}

export type KindOf = (route: Route, family: FamilyState) => VictimKind | undefined;

/** The routes of a kind in all tables that rules look up. */
export interface VictimRoutes {
  /** By first address, the shorter prefix first. */
  readonly list: readonly VictimRoute[];
  /** By table that rules look up, the position of the last rule that does: no rule from there on takes anything away from its routes. */
  readonly lastLookups: ReadonlyMap<number, number>;
}

/** Makes the search for routes of a kind. Of each state they are found once, and after an edit made out of those of the earlier state. */
export function victimRoutes(kindOf: KindOf): (state: NodeState, family: Family) => VictimRoutes {
  return perFamily<VictimRoutes>(
    (state, family) => {
      const lastLookups = findLookups(fibOf(state, family));
      return { list: findRoutes(state, family, kindOf, lastLookups), lastLookups };
    },
    (before, change, state, family) => carryRoutes(before, change, state, family, kindOf),
  );
}

function findLookups({ rules = [] }: Fib): ReadonlyMap<number, number> {
  const last = new Map<number, number>();
  rules.forEach(({ tableId }, at) => {
    if (tableId !== undefined) last.set(tableId, at);
  });
  return last;
}

function findRoutes(
  state: NodeState,
  family: Family,
  kindOf: KindOf,
  lookups: ReadonlyMap<number, number>,
): VictimRoute[] {
  const victimOf = victimMaker(state, family, kindOf);
  const found: VictimRoute[] = [];
  for (const table of lookups.keys()) {
    for (const route of fibOf(state, family).tables.get(table)?.index.items ?? []) {
      const victim = victimOf(route, table);
      if (victim) found.push(victim);
    }
  }
  return found.sort((a, b) => compareStarts(a.range, b.range) || a.route.dst.length - b.route.dst.length);
}

function compareStarts({ first: a }: AddressRange, { first: b }: AddressRange): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Finds out about one route of a table: undefined for one that is no victim. */
function victimMaker(
  state: NodeState,
  family: Family,
  kindOf: KindOf,
): (route: Route, table: number) => VictimRoute | undefined {
  const fib = fibOf(state, family);
  const index = ruleIndexOf(state, family);
  const classes = exampleDestinations(state, family);
  return (route, table) => {
    if (route.type !== "unicast" || route.dst.length === 0) return undefined;
    const kind = kindOf(route, fib.familyState);
    if (!kind) return undefined;
    const victim = { route, table, kind, range: prefixRange(route.dst), example: exampleFor(classes, route.dst) };
    return { ...victim, decidedAt: wholeDecider(fib, index, victim) };
  };
}

/** The position of the first rule that decides about every packet to an example, if it does so for all of the route. */
function wholeDecider(fib: Fib, index: RuleIndex, { example, range }: Pick<VictimRoute, "example" | "range">): number {
  const { rules = [] } = fib;
  const at = example ? firstDecider(fib, index, example) : rules.length;
  const decider = rules[at];
  if (!decider || range.first === range.last) return at;
  const { to } = decider.rule;
  const isAsked = !to || subtractAddresses([range], [prefixRange(to)]).length === 0;
  return isAsked && subtractAddresses([range], endingDestinations(fib, decider, null)).length === 0 ? at : rules.length;
}

function exampleFor(classes: AddressClasses, { family, value, length }: Prefix): Address | undefined {
  if (length === familyBits(family)) return { family, value };
  return exampleOfClass(classes, leafOf(classes.leaves, { family, value, length }));
}

/**
 * Those of the earlier state, with what an edit changes: the routes to its destinations, what examples the routes around them have, and
 * which rules decide first. Undefined where other tables are looked up, or any route may be of another kind now.
 */
function carryRoutes(
  before: VictimRoutes,
  change: FamilyChange,
  state: NodeState,
  family: Family,
  kindOf: KindOf,
): VictimRoutes | undefined {
  const fib = fibOf(state, family);
  const lastLookups = findLookups(fib);
  const undecided = changedDeciders(fibOf(change.before, family), fib, change);
  if (!undecided || !sameKeys(before.lastLookups, lastLookups)) return undefined;
  if (changedRoutes(change, state, family).some((route) => podRange(route).length > 0)) return undefined;
  const list = decidedAnew(before.list, undecided, change.rules, state, family);
  const prefixes = [...change.tables.values()].flat();
  if (prefixes.length === 0) return { list, lastLookups };
  const victimOf = victimMaker(state, family, kindOf);
  const { leaves } = exampleDestinations(state, family);
  const renewed = [...list];
  for (const prefix of prefixes.flatMap((each) => [each, ...prefixesAround(leaves, each)])) {
    const routes = [...lastLookups.keys()].flatMap((table) => {
      const index = fib.tables.get(table)?.index;
      return index ? routesTo(index, prefix).flatMap((route) => victimOf(route, table) ?? []) : [];
    });
    const { start, end } = stretchOf(renewed, prefix);
    renewed.splice(start, end - start, ...routes);
  }
  return { list: renewed, lastLookups };
}

/** The same routes, with what decides about their examples now that a list of rules and the look-ups of some destinations changed. */
function decidedAnew(
  list: readonly VictimRoute[],
  undecided: readonly Prefix[],
  rules: ListChange,
  state: NodeState,
  family: Family,
): readonly VictimRoute[] {
  const isShifted = rules.end !== rules.oldEnd;
  if (undecided.length === 0 && !isShifted) return list;
  const fib = fibOf(state, family);
  const index = ruleIndexOf(state, family);
  const spoiled = new Set(undecided.flatMap((prefix) => overlappingRoutes(list, prefixRange(prefix))));
  return list.map((victim) => {
    const decidedAt = spoiled.has(victim) ? wholeDecider(fib, index, victim) : carriedTo(rules, victim.decidedAt);
    return decidedAt === victim.decidedAt ? victim : { ...victim, decidedAt };
  });
}

function sameKeys(a: ReadonlyMap<number, unknown>, b: ReadonlyMap<number, unknown>): boolean {
  return [...a.keys()].join() === [...b.keys()].join();
}

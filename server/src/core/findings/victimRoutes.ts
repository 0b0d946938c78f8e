import type { CompiledRule, Fib } from "../fib/compileFib.js";
import type { Flow } from "../fib/flow.js";
import { noPremises } from "../fib/openField.js";
import type { AddressRange } from "../fib/reach/addressRanges.js";
import { prefixRange } from "../fib/reach/addressRanges.js";
import { type ExampleDestinations, exampleFor } from "../fib/reach/exampleDestinations.js";
import { emptyFlow } from "../fib/reach/flowCells.js";
import { candidateRules, type RuleIndex } from "../fib/reach/ruleIndex.js";
import { takeStep } from "../fib/ruleStep.js";
import { beginWalk } from "../fib/walkState.js";
import type { Route } from "../iproute/route.js";
import type { Address } from "../net/address.js";
import type { VictimKind } from "./finding.js";

/** A route that rules may take packets away from, with what holds for all rules alike. */
export interface VictimRoute {
  readonly route: Route;
  readonly kind: VictimKind;
  readonly range: AddressRange;
  /** An address that belongs to it and to no longer prefix of any table. */
  readonly example: Address;
  /** The position of the last rule that looks its table up: no rule from there on takes anything away from it. */
  readonly lastLookup: number;
  /** The position of the first rule that decides about every packet to it, whatever else the packet is: no later rule gets any. */
  readonly decidedAt: number;
}

/** The routes of all tables that rules look up and that are of a kind, in the order of their destinations. */
export function victimRoutes(
  fib: Fib,
  index: RuleIndex,
  examples: ExampleDestinations,
  kindOf: (route: Route) => VictimKind | undefined,
): VictimRoute[] {
  const lastLookups = new Map<number, number>();
  for (const [at, { tableId }] of (fib.rules ?? []).entries()) if (tableId !== undefined) lastLookups.set(tableId, at);
  const routes: VictimRoute[] = [];
  for (const [id, lastLookup] of lastLookups) {
    for (const route of fib.familyState.tables.get(id)?.routes ?? []) {
      if (route.type !== "unicast" || route.dst.length === 0) continue;
      const kind = kindOf(route);
      if (!kind) continue;
      const example = exampleFor(examples, route);
      if (!example) continue;
      const decidedAt = firstDecider(fib, index, { ...emptyFlow(fib.family), dst: example, iif: "any" });
      routes.push({ route, kind, range: prefixRange(route.dst), example, lastLookup, decidedAt });
    }
  }
  return routes.sort(byPlace);
}

/** By first address, the wider one first. */
function byPlace({ range: a }: VictimRoute, { range: b }: VictimRoute): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last > b.last ? -1 : 1;
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

/** The first rule that asks for nothing but the destination, if that, and ends the walk. Behind a `goto`, none is sure to be asked. */
function firstDecider(fib: Fib, index: RuleIndex, flow: Flow): number {
  const rules = fib.rules ?? [];
  const walk = beginWalk(fib, flow, noPremises, undefined);
  for (const at of candidateRules(index, flow)) {
    const compiled = rules[at] as CompiledRule;
    if (compiled.target !== undefined) break;
    if (!asksOnlyForDestination(compiled)) continue;
    const step = takeStep(walk, compiled);
    if (typeof step === "object" && (step.type === "route" || step.type === "error")) return at;
  }
  return rules.length;
}

function asksOnlyForDestination({ selector }: CompiledRule): boolean {
  const { not, from, oif, l3mdev, never, conditions } = selector;
  return !not && !from && !oif && !l3mdev && !never && conditions.length === 0;
}

import type { AddressRange } from "../../fib/reach/addressRanges.js";
import { firstAddress, type Prefix } from "../../net/prefix.js";
import type { VictimRoute, VictimRoutes } from "./victimRoutes.js";

/** Routes by first address, the shorter prefix first: what encloses others stands before them. */
type SortedRoutes = readonly VictimRoute[];

const enclosing = new WeakMap<SortedRoutes, Int32Array>();

/** For each route the position of the narrowest one around it, or -1. */
function enclosingOf(routes: SortedRoutes): Int32Array {
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

/** The routes that have an address in common with a range, in order. */
export function overlappingRoutes(routes: SortedRoutes, range: AddressRange): SortedRoutes {
  const start = firstBehind(routes, range.first);
  return [...routesAcross(routes, start, range.first), ...routes.slice(start, firstBehind(routes, range.last + 1n))];
}

/** The routes before a position that reach to an address behind their beginning, in order. */
export function routesAcross(routes: SortedRoutes, position: number, address: bigint): VictimRoute[] {
  const outer = enclosingOf(routes);
  const across: VictimRoute[] = [];
  for (let at = position - 1; at >= 0; at = outer[at] as number) {
    const route = routes[at] as VictimRoute;
    if (route.range.last >= address) across.unshift(route);
  }
  return across;
}

/** The position of the first route that begins at or behind an address. */
export function firstBehind(routes: SortedRoutes, address: bigint): number {
  return firstFrom(routes, { first: address, length: 0 });
}

/** Where the routes to a prefix stand, or would stand. */
export function stretchOf(routes: SortedRoutes, prefix: Prefix): { readonly start: number; readonly end: number } {
  const first = firstAddress(prefix).value;
  const { length } = prefix;
  return { start: firstFrom(routes, { first, length }), end: firstFrom(routes, { first, length: length + 1 }) };
}

interface Start {
  readonly first: bigint;
  readonly length: number;
}

function firstFrom(routes: SortedRoutes, { first, length }: Start): number {
  let low = 0;
  let high = routes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { range, route } = routes[middle] as VictimRoute;
    if (range.first < first || (range.first === first && route.dst.length < length)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Those of some routes from which rules may still take something away, for one rule after the other: what earlier rules have done with is
 * sorted out whenever it makes up half of them, so that a long list of rules does not come by all of it each time. Only for rules that
 * leave the destination open, which ask for each route's example.
 *
 * @returns a function from the positions of rules to the routes that are left, some others among them. Meant to be asked in ascending order.
 */
export function routesLeft({ list, lastLookups }: VictimRoutes): (at: number) => VictimRoutes {
  /** The position of the last rule that can take packets to the example away from a route. */
  const lastTaker = ({ table, decidedAt }: VictimRoute) => Math.min((lastLookups.get(table) ?? 0) - 1, decidedAt);
  let ends: Int32Array | undefined;
  let left = { list, lastLookups };
  let done = 0;
  let before = 0;
  return (at) => {
    if (at < before) [left, done] = [{ list, lastLookups }, 0];
    before = at;
    ends ??= Int32Array.from(list, lastTaker).sort();
    while (done < ends.length && (ends[done] as number) < at) done++;
    if (list.length - done < left.list.length / 2) {
      left = { list: left.list.filter((victim) => lastTaker(victim) >= at), lastLookups };
    }
    return left;
  };
}

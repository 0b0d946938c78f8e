import type { Route } from "../../iproute/route.js";
import type { Address, Family } from "../../net/address.js";
import type { Table } from "../../state/nodeState.js";
import { type AddressRange, prefixRange } from "./addressRanges.js";

/** The routes' destinations of some tables, in order, each with an address that belongs to no longer prefix among them. */
export interface ExampleDestinations {
  readonly family: Family;
  readonly ranges: readonly AddressRange[];
  /** Undefined where longer prefixes leave nothing of it. */
  readonly free: readonly (bigint | undefined)[];
  readonly positions: ReadonlyMap<string, number>;
}

const known = new WeakMap<ReadonlyMap<number, Table>, ExampleDestinations>();

/** Finds the examples of all tables in one pass over the sorted prefixes. Made once: a state in which only rules differ has the same tables. */
export function exampleDestinations(family: Family, tables: ReadonlyMap<number, Table>): ExampleDestinations {
  const found = known.get(tables) ?? findExamples(family, tables);
  known.set(tables, found);
  return found;
}

/** An address that a route is there for, and no longer prefix of any table. */
export function exampleFor(examples: ExampleDestinations, { dst }: Route): Address | undefined {
  const at = examples.positions.get(keyOf(prefixRange(dst)));
  const value = at === undefined ? undefined : examples.free[at];
  return value === undefined ? undefined : { family: dst.family, value };
}

/** An address of a range that is no longer prefix's of any table. */
export function exampleWithin({ family, ranges }: ExampleDestinations, within: AddressRange): Address | undefined {
  let at = firstBehind(ranges, within.first);
  let next = within.last > within.first ? within.first + 1n : within.first;
  for (let range = ranges[at]; range && range.first <= within.last; range = ranges[++at]) {
    if (range.last > within.last || (range.first === within.first && range.last === within.last)) continue;
    if (range.first > next) break;
    if (range.last >= next) next = range.last + 1n;
  }
  return next <= within.last ? { family, value: next } : undefined;
}

/** The first range that begins at or behind an address. */
function firstBehind(ranges: readonly AddressRange[], address: bigint): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as AddressRange).first < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

function keyOf({ first, last }: AddressRange): string {
  return `${first}-${last}`;
}

function findExamples(family: Family, tables: ReadonlyMap<number, Table>): ExampleDestinations {
  const byKey = new Map<string, AddressRange>();
  for (const { routes } of tables.values()) {
    for (const { dst } of routes) {
      const range = prefixRange(dst);
      byKey.set(keyOf(range), range);
    }
  }
  const ranges = [...byKey.values()].sort(byPlace);
  // Not the first address where there is another: in a subnet that one means the subnet itself.
  const free = ranges.map(({ first, last }): bigint | undefined => (last > first ? first + 1n : first));
  const open: number[] = [];
  for (const [at, range] of ranges.entries()) {
    while (open.length > 0 && (ranges[open.at(-1) as number] as AddressRange).last < range.first) open.pop();
    // What stands inside of a prefix takes its addresses from it, and from those around it.
    for (const outer of open) {
      const address = free[outer];
      if (address === undefined || range.first > address || range.last < address) continue;
      free[outer] = range.last < (ranges[outer] as AddressRange).last ? range.last + 1n : undefined;
    }
    open.push(at);
  }
  return { family, ranges, free, positions: new Map(ranges.map((range, at) => [keyOf(range), at])) };
}

/** By first address, the wider one first. */
function byPlace(a: AddressRange, b: AddressRange): number {
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return a.last === b.last ? 0 : a.last > b.last ? -1 : 1;
}

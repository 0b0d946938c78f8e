import { hashContentKey, sameContentKey } from "./contentKey.js";
import { type EventColumns, rowFlags } from "./eventColumns.js";
import { pointOf } from "./pointKinds.js";
import { forEachGroup } from "./rowGroups.js";
import { hashTuple, sameTuple } from "./tupleKey.js";

/** Where a packet leaves a node, and where it then comes into the next one. */
const passages: ReadonlyMap<number, number> = new Map([
  [pointOf("to-network"), pointOf("from-network")],
  [pointOf("to-overlay"), pointOf("from-overlay")],
  [pointOf("to-crypto"), pointOf("from-crypto")],
]);
const entries: ReadonlySet<number> = new Set(passages.values());
const fromOverlay = pointOf("from-overlay");

/** So many ends with one key are not told apart. */
const tried = 16;

/** The last event of a packet that left a node, and the first one of a packet that came into one: the same packet. */
export interface EndLink {
  readonly exit: number;
  readonly entry: number;
}

/** A key that is the same on the wire: IP identification with all that goes with it and the tuple, or the trace id. */
function hasWireKey({ ipId, rare }: EventColumns, row: number): boolean {
  return ipId[row] !== 0 || rare.get(row)?.ipTraceId !== undefined;
}

/** What left by the one point may come in at the other. Since 1.18 a tunnel packet shows its inner headers at the native device too. */
function mayPass({ point, flags }: EventColumns, exit: number, entry: number): boolean {
  if (passages.get(point[exit] ?? 0) === point[entry]) return true;
  return ((flags[exit] ?? 0) & rowFlags.tunnel) !== 0 && point[entry] === fromOverlay;
}

/**
 * Routers between the two ends, as the TTL counts them; `undefined` where the entry can't be the exit's. A packet that comes back to the node that it left
 * went through one router at least.
 */
function hopsBetween(columns: EventColumns, exit: number, entry: number, isSameNode: boolean): number | undefined {
  const { ttl } = columns;
  if (!mayPass(columns, exit, entry) || !ttl[exit] || !ttl[entry]) return undefined;
  const hops = ttl[exit] - ttl[entry];
  return hops < (isSameNode ? 1 : 0) ? undefined : hops;
}

/** The candidate with the least distance, if there is one only. */
function nearest(candidates: readonly number[], distance: (row: number) => number | undefined): number | undefined {
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const found = distance(candidate);
    if (found === undefined || found > least) continue;
    best = found === least ? undefined : candidate;
    least = found;
  }
  return best;
}

/**
 * Finds which packets that left a node are which that came into one: same IP identification and what goes with it (or trace id), same addresses
 * and ports, a point that leads to the other, TTL not rising; each the only one nearest to the other by TTL. Packets without an IP
 * identification are not linked: a retransmission looks the same.
 *
 * @param columns a row for each end of a packet: the last event or the first
 * @param isExit whether a row is a packet's last event
 * @param nodeOf the node (or capture) of a row
 */
export function linkEnds(
  columns: EventColumns,
  isExit: (row: number) => boolean,
  nodeOf: (row: number) => string | number,
): EndLink[] {
  const { length, point } = columns;
  const links: EndLink[] = [];
  const isEnd = (row: number) => (isExit(row) ? passages.has(point[row] ?? 0) : entries.has(point[row] ?? 0));
  forEachGroup(
    length,
    (row) => isEnd(row) && hasWireKey(columns, row),
    (row) => hashContentKey(columns, row) ^ hashTuple(columns, row),
    (a, b) =>
      sameTuple(columns, a, b) &&
      sameContentKey(columns, a, b) &&
      columns.rare.get(a)?.ipTraceId === columns.rare.get(b)?.ipTraceId,
    (rows) => {
      if (rows.length > tried) return;
      const exits = rows.filter(isExit);
      const arrivals = rows.filter((row) => !isExit(row));
      const hops = (exit: number, entry: number) => hopsBetween(columns, exit, entry, nodeOf(exit) === nodeOf(entry));
      for (const exit of exits) {
        const entry = nearest(arrivals, (arrival) => hops(exit, arrival));
        if (entry !== undefined && nearest(exits, (other) => hops(other, entry)) === exit) links.push({ exit, entry });
      }
    },
  );
  return links;
}

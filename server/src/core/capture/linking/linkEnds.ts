import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { pointOf } from "../columns/pointKinds.js";
import { hasContentKey, hashContentKey, sameContentKey } from "../joining/contentKey.js";
import { forEachGroup } from "../joining/rowGroups.js";
import { hashTuple, sameTuple } from "../joining/tupleKey.js";

/** Where a packet leaves a node, and where it then comes into the next one. */
const passages: ReadonlyMap<number, number> = new Map([
  [pointOf("to-network"), pointOf("from-network")],
  [pointOf("to-overlay"), pointOf("from-overlay")],
  [pointOf("to-crypto"), pointOf("from-crypto")],
]);
const toStack = pointOf("to-stack");
const fromOverlay = pointOf("from-overlay");
const fromStack = pointOf("from-stack");
const fromNetwork = pointOf("from-network");
const exits: ReadonlySet<number> = new Set([...passages.keys(), toStack]);
const entries: ReadonlySet<number> = new Set([...passages.values(), fromStack]);

/** So many ends with one key on the wire are not told apart. */
const tried = 16;

/**
 * By what the ends of a packet on two nodes are known to be one packet's, strongest first.
 * - `contents`: IP identification with all that goes with it and the tuple, or the trace id.
 * - `sequence`: TCP or ICMP numbers and the tuple, without an IP identification.
 * - `order`: the tuple and the length, each the only one or in the order of both captures.
 */
export type LinkStrength = "contents" | "sequence" | "order";

/** The last event of a packet that left a node, and the first one of a packet that came into one: the same packet. */
export interface EndLink {
  readonly exit: number;
  readonly entry: number;
  readonly strength: LinkStrength;
  /** How many packets look so, where only their order tells which is which. */
  readonly among?: number;
}

/** The ends of packets: a row for the first event of each, and one for the last. */
export interface PacketEnds {
  readonly columns: EventColumns;
  /** Whether a row is a packet's last event. */
  readonly isExit: (row: number) => boolean;
  /** The capture of a row, which stands for a node. */
  readonly captureOf: (row: number) => string;
  /** Whether the row's capture shows every event, so that the ends of all packets that look alike are there. */
  readonly isWhole: (row: number) => boolean;
  /** The length of the IP packet, which the way does not change; 0 where it is not printed. */
  readonly lengthOf: (row: number) => number;
  /** Whether nothing that no column holds (flow label, length of the frame) speaks against one packet. */
  readonly mayBeOne: (exit: number, entry: number) => boolean;
}

function strengthOf(columns: EventColumns, row: number): LinkStrength {
  if (columns.ipId[row] !== 0 || columns.rare.get(row)?.ipTraceId !== undefined) return "contents";
  return hasContentKey(columns, row) ? "sequence" : "order";
}

/** What left by the one point may come in at the other. Since 1.18 a tunnel packet shows its inner headers at the native device too. */
function mayPass({ columns: { point, flags }, captureOf }: PacketEnds, exit: number, entry: number): boolean {
  const [from, to] = [point[exit] ?? 0, point[entry]];
  // Behind to-stack XFRM encrypts it, and behind XFRM on the other node it is seen again (IPsec until 1.17).
  if (from === toStack) return (to === fromNetwork || to === fromStack) && captureOf(exit) !== captureOf(entry);
  if (passages.get(from) === to) return true;
  return ((flags[exit] ?? 0) & rowFlags.tunnel) !== 0 && to === fromOverlay;
}

/**
 * Routers between the two ends, as the TTL counts them; `undefined` where the entry can't be the exit's. A packet that comes back to the node that it left
 * went through one router at least.
 */
function hopsBetween(ends: PacketEnds, exit: number, entry: number): number | undefined {
  if (!mayPass(ends, exit, entry) || !ends.mayBeOne(exit, entry)) return undefined;
  const [before = 0, after = 0] = [ends.columns.ttl[exit], ends.columns.ttl[entry]];
  const isSameNode = ends.captureOf(exit) === ends.captureOf(entry);
  // Hubble prints no TTL; another node is another node all the same.
  if (before === 0 && after === 0) return isSameNode ? undefined : 0;
  if (before === 0 || after === 0) return undefined;
  const hops = before - after;
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

/** Each exit and the entry that are the only ones nearest to each other by TTL. */
function linkNearest(ends: PacketEnds, leaving: readonly number[], arriving: readonly number[]): EndLink[] {
  if (leaving.length + arriving.length > tried) return [];
  const hops = (exit: number, entry: number) => hopsBetween(ends, exit, entry);
  return leaving.flatMap((exit) => {
    const entry = nearest(arriving, (arrival) => hops(exit, arrival));
    const isOnly = entry !== undefined && nearest(leaving, (other) => hops(other, entry)) === exit;
    return isOnly ? [{ exit, entry, strength: "contents" as const }] : [];
  });
}

/**
 * Packets that look alike, in the order in which both captures show them: where both show every event, as many came in on one node as
 * left the other, and each may be the one.
 */
function linkInOrder(
  ends: PacketEnds,
  leaving: readonly number[],
  arriving: readonly number[],
  strength: LinkStrength,
): EndLink[] {
  const count = leaving.length;
  const [exit = 0, entry = 0] = [leaving[0], arriving[0]];
  if (count === 0 || count !== arriving.length || ends.captureOf(exit) === ends.captureOf(entry)) return [];
  const isFromOne = (rows: readonly number[]) =>
    rows.every((row) => ends.captureOf(row) === ends.captureOf(rows[0] ?? 0));
  const isComplete = count === 1 || (ends.isWhole(exit) && ends.isWhole(entry));
  if (!isComplete || !isFromOne(leaving) || !isFromOne(arriving)) return [];
  const byPlace = (a: number, b: number) => (ends.columns.start[a] ?? 0) - (ends.columns.start[b] ?? 0);
  const sorted = [...arriving].sort(byPlace);
  const pairs = [...leaving].sort(byPlace).map((each, at) => ({ exit: each, entry: sorted[at] ?? 0 }));
  if (!pairs.every((pair) => hopsBetween(ends, pair.exit, pair.entry) !== undefined)) return [];
  return pairs.map((pair) => ({ ...pair, strength, ...(count > 1 ? { among: count } : {}) }));
}

/**
 * Finds which packets that left a node are which that came into one: same addresses and ports, a point that leads to the other, TTL not rising; by
 * what the packets themselves say, else by numbers that a retransmission has as well, else by order.
 */
export function linkEnds(ends: PacketEnds): EndLink[] {
  const { columns, isExit } = ends;
  const { point, rare } = columns;
  const links: EndLink[] = [];
  const strengths = Array.from({ length: columns.length }, (_, row) => strengthOf(columns, row));
  const isEnd = (row: number) => (isExit(row) ? exits : entries).has(point[row] ?? 0);
  forEachGroup(
    columns.length,
    isEnd,
    (row) => hashContentKey(columns, row) ^ hashTuple(columns, row),
    (a, b) =>
      sameTuple(columns, a, b) &&
      sameContentKey(columns, a, b) &&
      rare.get(a)?.ipTraceId === rare.get(b)?.ipTraceId &&
      ends.lengthOf(a) === ends.lengthOf(b),
    (rows) => {
      const strength = strengths[rows[0] ?? 0] ?? "order";
      const leaving = rows.filter(isExit);
      const arriving = rows.filter((row) => !isExit(row));
      links.push(
        ...(strength === "contents"
          ? linkNearest(ends, leaving, arriving)
          : linkInOrder(ends, leaving, arriving, strength)),
      );
    },
  );
  return links;
}

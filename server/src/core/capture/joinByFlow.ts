import { hasContentKey } from "./contentKey.js";
import { dropPoint, type EventColumns } from "./eventColumns.js";
import { type FlowKey, flowHashKey, origIpKey, tupleKey } from "./flowKeys.js";
import { type FollowTable, following, mayFollowBy } from "./followTable.js";
import { ttlMayFollow } from "./joinEqualRows.js";
import { lostBetween } from "./lostBetween.js";
import { isEnd, isOrigin, isReceivePoint } from "./pointKinds.js";
import { createRowTable } from "./rowTable.js";
import type { Walks } from "./walks.js";

/** How many rows of a flow, the latest ones, are looked at. */
const nearby = 16;

/** How far apart in the file two events of one packet are believed to be where only its flow tells: some rings full. */
const farApart = 1 << 14;

/** A frame has an Ethernet header at one device and none at another. */
const ethernetHeader = 14;

/** A packet keeps its length on its way, unless it is put into another. Texts of one line do not print it. */
function lengthMayBelong({ bytes }: EventColumns, a: number, b: number): boolean {
  const before = bytes[a] ?? 0;
  const after = bytes[b] ?? 0;
  const difference = Math.abs(before - after);
  return before === 0 || after === 0 || difference === 0 || difference === ethernetHeader;
}

function isStep(columns: EventColumns, follows: FollowTable, tail: number, row: number): boolean {
  const { point } = columns;
  const from = point[tail] ?? 0;
  const to = point[row] ?? 0;
  return (
    from !== to &&
    mayFollowBy(follows, following.next, from, to) &&
    // What was handed to a pod, a proxy or the host is gone: the drop is the next packet's.
    (to !== dropPoint || !isEnd(from)) &&
    row - tail <= farApart &&
    ttlMayFollow(columns, tail, row) &&
    lengthMayBelong(columns, tail, row) &&
    !lostBetween(columns, tail, row)
  );
}

/** The row to join to, -1 for none, and another one that it might have been, -1 for none. */
interface Choice {
  readonly tail: number;
  readonly other: number;
}

const none: Choice = { tail: -1, other: -1 };

/**
 * Chooses among the rows that `row` may follow, latest first. On one CPU a program runs to its end, so the latest is the packet's; only
 * what is received comes in batches, whose first is handled first (net/core/dev.c: __netif_receive_skb_list_core). Across CPUs nothing
 * tells, so only a single one is taken.
 */
function choose({ cpu, point }: EventColumns, fitting: readonly number[], row: number, runOf: Int32Array): Choice {
  const onCpu = fitting.filter((tail) => cpu[tail] === cpu[row]);
  const [latest = -1, before = -1] = onCpu;
  if (latest >= 0) {
    if (isReceivePoint(point[latest] ?? 0)) {
      const batch = onCpu.filter((tail) => runOf[tail] === runOf[latest]);
      return { tail: batch.at(-1) ?? latest, other: batch.at(-2) ?? -1 };
    }
    return { tail: latest, other: cpu[row] === 0 ? before : -1 };
  }
  const [only = -1, another = -1] = fitting;
  return another >= 0 ? { tail: -1, other: only } : { tail: only, other: -1 };
}

/** Joins by one key, in one pass over the file. */
function joinByKey(columns: EventColumns, follows: FollowTable, walks: Walks, whole: boolean, key: FlowKey): void {
  const { length, cpu, point } = columns;
  let sought = -1;
  const table = createRowTable(length, (held, row) => (row === sought ? key.meets(held, row) : key.same(held, row)));
  const before = new Int32Array(length).fill(-1);
  const lastOnCpu = new Int32Array(1 << 16).fill(-1);
  // The first of the rows of one CPU that follow each other at one point.
  const runOf = new Int32Array(length);
  for (let row = 0; row < length; row++) {
    if (walks.strength[row] === 0 && !isOrigin(point[row] ?? 0) && key.seeks(row)) {
      sought = row;
      const latest = table.latest(row, key.hashSought(row));
      sought = -1;
      const fitting: number[] = [];
      for (let tail = latest, seen = 0; tail >= 0 && seen < nearby; tail = before[tail] ?? -1, seen++) {
        // In an aggregated capture most events of a flow are hidden: only neighbours are of one packet.
        if (!whole && tail !== lastOnCpu[cpu[row] ?? 0]) continue;
        if (walks.next[tail] !== -1 || !isStep(columns, follows, tail, row)) continue;
        if (cpu[tail] === cpu[row] || key.crossesCpus(tail, row)) fitting.push(tail);
      }
      const { tail, other } = fitting.length === 0 ? none : choose(columns, fitting, row, runOf);
      if (tail >= 0) {
        walks.next[tail] = row;
        walks.strength[row] = key.strength(tail, row);
      }
      if (other >= 0) walks.alternative[row] = other + 1;
    }
    if (key.offers(row) && follows.hasAfter[point[row] ?? 0]) {
      before[row] = table.replaceLatest(row, key.hashOffer(row));
    }
    const last = lastOnCpu[cpu[row] ?? 0] ?? -1;
    runOf[row] = last >= 0 && point[last] === point[row] ? (runOf[last] ?? row) : row;
    lastOnCpu[cpu[row] ?? 0] = row;
  }
}

/**
 * Joins the rows that have no content key (UDP with IP id 0, ICMPv6, texts of one line) by their flow, where they can be joined: by orig-ip, by
 * tuple with flow hash, by flow hash across a translation, by tuple alone. None is joined across events that were lost.
 */
export function joinByFlow(columns: EventColumns, follows: FollowTable, walks: Walks): void {
  const { length, rare, point } = columns;
  const isWeak = (row: number) => !hasContentKey(columns, row) && rare.get(row)?.ipTraceId === undefined;
  let weakRows = false;
  let hashes = false;
  let whole = false;
  for (let row = 0; row < length; row++) {
    whole ||= isReceivePoint(point[row] ?? 0);
    if (!isWeak(row)) continue;
    weakRows = true;
    hashes ||= columns.flowHash[row] !== 0;
  }
  const origIps = [...rare.values()].some(({ origIp }) => origIp !== undefined);
  if (origIps) joinByKey(columns, follows, walks, whole, origIpKey(columns));
  if (weakRows) joinByKey(columns, follows, walks, whole, tupleKey(columns, isWeak));
  if (weakRows && hashes) joinByKey(columns, follows, walks, whole, flowHashKey(columns, isWeak));
}

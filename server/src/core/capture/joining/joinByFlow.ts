import { dropPoint, type EventColumns } from "../columns/eventColumns.js";
import { isEnd, isOrigin, isReceivePoint } from "../columns/pointKinds.js";
import { lostBetween } from "../lostBetween.js";
import { type FlowKey, flowHashKey, origIpKey, tupleKey } from "./flowKeys.js";
import { type FollowTable, following, mayFollowBy } from "./followTable.js";
import { ttlMayFollow } from "./joinEqualRows.js";
import { markFollowers } from "./markFollowers.js";
import { createRowTable } from "./rowTable.js";
import { translationKey } from "./translationKey.js";
import { rowMarks, type Walks } from "./walks.js";

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

/** The rows that a key is asked for, ascending, and where they stand on their CPUs. */
interface AskedRows {
  readonly rows: Int32Array;
  /** The row before on its CPU, -1 if it is the first. */
  readonly last: Int32Array;
  /** The first of the rows that follow each other on its CPU at its point. */
  readonly run: Int32Array;
}

/**
 * Chooses among the rows that `row` may follow, latest first. On one CPU a program runs to its end, so the latest is the packet's; only
 * what is received comes in batches, whose first is handled first (net/core/dev.c: __netif_receive_skb_list_core). Across CPUs nothing
 * tells, so only a single one is taken.
 *
 * @param fitting indexes of `rows`
 */
function choose(
  { cpu, point }: EventColumns,
  { rows, run }: AskedRows,
  fitting: readonly number[],
  row: number,
): Choice {
  const rowAt = (index: number | undefined) => (index === undefined ? -1 : (rows[index] ?? -1));
  const onCpu = fitting.filter((index) => cpu[rowAt(index)] === cpu[row]);
  const [latest, before] = onCpu;
  if (latest !== undefined) {
    if (isReceivePoint(point[rowAt(latest)] ?? 0)) {
      const batch = onCpu.filter((index) => run[index] === run[latest]);
      return { tail: rowAt(batch.at(-1)), other: rowAt(batch.at(-2)) };
    }
    return { tail: rowAt(latest), other: cpu[row] === 0 ? rowAt(before) : -1 };
  }
  const [only, another] = fitting;
  return another !== undefined ? { tail: -1, other: rowAt(only) } : { tail: rowAt(only), other: -1 };
}

/** @param marks bits of `rowMarks`, where only rows without a content key are asked for */
function askedRows({ length, cpu, point }: EventColumns, marks?: Uint8Array): AskedRows {
  let count = 0;
  for (let row = 0; row < length; row++) if (marks === undefined || marks[row] === rowMarks.weak) count++;
  const asked = { rows: new Int32Array(count), last: new Int32Array(count), run: new Int32Array(count) };
  const lastOnCpu = new Int32Array(1 << 16).fill(-1);
  const runOnCpu = new Int32Array(1 << 16);
  for (let row = 0, index = 0; index < count; row++) {
    const onCpu = cpu[row] ?? 0;
    const last = lastOnCpu[onCpu] ?? -1;
    if (last < 0 || point[last] !== point[row]) runOnCpu[onCpu] = row;
    lastOnCpu[onCpu] = row;
    if (marks !== undefined && marks[row] !== rowMarks.weak) continue;
    asked.rows[index] = row;
    asked.last[index] = last;
    asked.run[index] = runOnCpu[onCpu] ?? row;
    index++;
  }
  return asked;
}

/** Joins by one key, in one pass over the rows that it is asked for. */
function joinByKey(
  columns: EventColumns,
  follows: FollowTable,
  walks: Walks,
  whole: boolean,
  key: FlowKey,
  asked: AskedRows,
): void {
  const { rows, last } = asked;
  const { cpu, point } = columns;
  const { next, strength } = walks;
  // The table and the chains in it hold indexes of `rows`.
  const rowAt = (index: number): number => rows[index] ?? 0;
  let sought = -1;
  const table = createRowTable((held, index) =>
    index === sought ? key.meets(rowAt(held), rowAt(index)) : key.same(rowAt(held), rowAt(index)),
  );
  const before = new Int32Array(rows.length);
  const fitting: number[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rowAt(index);
    const at = point[row] ?? 0;
    if (strength[row] === 0 && !isOrigin(at) && key.seeks(row)) {
      sought = index;
      const latest = table.latest(index, key.hashSought(row));
      sought = -1;
      fitting.length = 0;
      for (let held = latest, seen = 0; held >= 0 && seen < nearby; held = before[held] ?? -1, seen++) {
        const tail = rowAt(held);
        // In an aggregated capture most events of a flow are hidden: only neighbours are of one packet.
        if (!whole && tail !== last[index]) continue;
        if (next[tail] !== -1 || !isStep(columns, follows, tail, row)) continue;
        if (cpu[tail] !== cpu[row] && !key.crossesCpus(tail, row)) continue;
        fitting.push(held);
      }
      const { tail, other } = fitting.length === 0 ? none : choose(columns, asked, fitting, row);
      if (tail >= 0) {
        next[tail] = row;
        strength[row] = key.strength(tail, row);
      }
      if (other >= 0) walks.alternative[row] = other + 1;
    }
    if (follows.hasAfter[at] && key.offers(row)) before[index] = table.replaceLatest(index, key.hashOffer(row));
  }
}

/**
 * Joins the rows that have no content key (UDP with IP id 0, ICMPv6, texts of one line) by their flow, where they can be joined: by orig-ip, by
 * tuple with flow hash, by flow hash across a translation, by tuple alone, by a translation that other packets of the conversation show. None is
 * joined across events that were lost. Last it marks what may belong together, though no key says so.
 *
 * @param whole whether the capture shows every event of a packet
 */
export function joinByFlow(columns: EventColumns, follows: FollowTable, walks: Walks, whole: boolean): void {
  const { rare, point, flowHash } = columns;
  const origIps = [...rare.values()].some(({ origIp }) => origIp !== undefined);
  if (origIps) joinByKey(columns, follows, walks, whole, origIpKey(columns), askedRows(columns));
  const weak = askedRows(columns, walks.marks);
  if (weak.rows.length === 0) return;
  joinByKey(columns, follows, walks, whole, tupleKey(columns), weak);
  const hashes = weak.rows.some((row) => flowHash[row] !== 0);
  if (hashes) joinByKey(columns, follows, walks, whole, flowHashKey(columns), weak);
  const tails = [...weak.rows].filter((row) => walks.next[row] === -1 && follows.hasAfter[point[row] ?? 0]);
  const translations = translationKey(columns, walks, tails);
  if (translations) joinByKey(columns, follows, walks, whole, translations, weak);
  if (whole) markFollowers(columns, walks, weak.rows, (tail, row) => isStep(columns, follows, tail, row));
}

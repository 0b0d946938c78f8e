import type { EventColumns } from "../columns/eventColumns.js";
import { isOnTheWay, isOrigin } from "../columns/pointKinds.js";
import { createRowTable, mixHash } from "./rowTable.js";
import { sameTuple } from "./tupleKey.js";
import type { Walks } from "./walks.js";

/** How many rows that keep an end, the latest ones, are looked at. */
const nearby = 16;

/** An end of the flow that a translation may have left as it is. */
interface KeptEnd {
  readonly same: (a: number, b: number) => boolean;
  readonly hash: (row: number) => number;
}

function keptEnd({ protocol, detail }: EventColumns, address: Uint32Array, port: Uint16Array): KeptEnd {
  return {
    same: (a, b) =>
      protocol[a] === protocol[b] && detail[a] === detail[b] && address[a] === address[b] && port[a] === port[b],
    hash: (row) =>
      mixHash(mixHash(address[row] ?? 0, port[row] ?? 0), ((protocol[row] ?? 0) << 16) ^ (detail[row] ?? 0)),
  };
}

/**
 * Finds packets that break off and may be what others begin with, though no key ties the two together: so it is where a text of one line shows
 * a packet before its translation and behind it, with a flow hash of 0 or with two. Of the former it can't be said that they are not seen
 * again. Whoever begins where packets come in is whole; everything else must have been somewhere before.
 *
 * @param rows those without a content key, ascending
 * @param isStep whether the second of two rows may be the next of the first one's packet
 */
export function markFollowers(
  columns: EventColumns,
  { next, strength, followers }: Walks,
  rows: Int32Array,
  isStep: (tail: number, row: number) => boolean,
): void {
  const { src, dst, sport, dport, point, rare, flowHash } = columns;
  // An event that names another source before translation is of another packet; one that names its own was not translated by its program.
  const namesOther = (tail: number, row: number): boolean => {
    const origIp = rare.get(row)?.origIp;
    return origIp !== undefined && origIp !== src[tail] && origIp !== src[row];
  };
  // What is not translated keeps its flow hash.
  const isOtherFlow = (tail: number, row: number): boolean =>
    sameTuple(columns, tail, row) && flowHash[tail] !== 0 && flowHash[row] !== 0 && flowHash[tail] !== flowHash[row];
  const mayBelong = (tail: number, row: number): boolean =>
    isStep(tail, row) && !namesOther(tail, row) && !isOtherFlow(tail, row);
  for (const { same, hash } of [keptEnd(columns, src, sport), keptEnd(columns, dst, dport)]) {
    const rowAt = (index: number): number => rows[index] ?? 0;
    const table = createRowTable((held, index) => same(rowAt(held), rowAt(index)));
    const before = new Int32Array(rows.length);
    for (let index = 0; index < rows.length; index++) {
      const row = rowAt(index);
      if (strength[row] === 0 && !isOrigin(point[row] ?? 0)) {
        let held = table.latest(index, hash(row));
        for (let seen = 0; held >= 0 && seen < nearby; held = before[held] ?? -1, seen++) {
          const tail = rowAt(held);
          if (!followers.has(tail) && mayBelong(tail, row)) followers.set(tail, row);
        }
      }
      if (next[row] === -1 && isOnTheWay(point[row] ?? 0)) before[index] = table.replaceLatest(index, hash(row));
    }
  }
}

import type { EventColumns } from "../columns/eventColumns.js";
import { isOrigin, isReportedTwice } from "../columns/pointKinds.js";
import { farApart } from "./equalKeys.js";
import { type FollowTable, following, mayFollowBy } from "./followTable.js";
import { interleave } from "./interleave.js";
import { chainRows, rowsFrom, type Walks } from "./walks.js";

/** What a join of rows with equal keys needs to know. */
export interface EqualRowsJoin {
  readonly follows: FollowTable;
  readonly walks: Walks;
  /** Index in `joinStrengths`. */
  readonly strength: number;
  /** Whether, beside key and datapath, two rows may be of one packet, the second event after the first. */
  readonly mayBelong: (a: number, b: number) => boolean;
}

/** How many packets with the same key, the nearest ones, are asked whether a row is theirs. */
const nearby = 32;

/** How many pieces of equal packets are tried against each other, and across how many that lie between. */
const piecesTried = 6;

/** Routers only ever lower it; what is not printed contradicts nothing. */
export function ttlMayFollow({ ttl }: EventColumns, a: number, b: number): boolean {
  const before = ttl[a] ?? 0;
  const after = ttl[b] ?? 0;
  return before === 0 || after === 0 || after <= before;
}

/** Whether a router was between: a packet that is at the same point again went in a circle. */
function wasRouted({ ttl }: EventColumns, a: number, b: number): boolean {
  return ttl[b] !== 0 && (ttl[b] ?? 0) < (ttl[a] ?? 0);
}

/** Whether row `b` may be the same packet as row `a`, at its next event (`following.next`) or at a later one. */
function isStep(columns: EventColumns, join: EqualRowsJoin, how: number, a: number, b: number): boolean {
  const from = columns.point[a] ?? 0;
  const to = columns.point[b] ?? 0;
  return (
    mayFollowBy(join.follows, how, from, to) &&
    ttlMayFollow(columns, a, b) &&
    (from !== to || isReportedTwice(from) || wasRouted(columns, a, b)) &&
    Math.abs(b - a) <= farApart &&
    join.mayBelong(a, b)
  );
}

/** Whether the rows of a chain, in the order of the file, are one packet's: its walk step by step. */
function isOneWalk(columns: EventColumns, join: EqualRowsJoin, head: number): boolean {
  const { next } = join.walks;
  for (let row = head, after = next[row] ?? -1; after >= 0; row = after, after = next[row] ?? -1) {
    if (!isStep(columns, join, following.next, row, after)) return false;
  }
  return true;
}

/**
 * Puts each row, in the order of the file, at the end of the piece that it may follow next. Of several pieces, one that was last seen at
 * another point comes first (two events at `to-network` are rare), then one last seen on the same CPU, then the nearest; where two differ only
 * in the latter, the row is marked to have an alternative.
 */
function appendInOrder(columns: EventColumns, join: EqualRowsJoin, rows: readonly number[]): number[] {
  const { walks, follows } = join;
  const { cpu, point } = columns;
  const heads: number[] = [];
  const tails: number[] = [];
  for (const row of rows) {
    let best = -1;
    let bestRank = -1;
    let alternative = -1;
    for (let at = tails.length - 1; at >= 0 && at >= tails.length - nearby; at--) {
      const tail = tails[at] ?? 0;
      if (!isStep(columns, join, following.next, tail, row)) continue;
      const rank = (point[tail] === point[row] ? 0 : 2) + (cpu[tail] === cpu[row] ? 1 : 0);
      if (rank <= bestRank) {
        if (rank >> 1 === bestRank >> 1 && alternative < 0) alternative = tail;
        continue;
      }
      alternative = best >= 0 && rank >> 1 === bestRank >> 1 ? (tails[best] ?? -1) : -1;
      best = at;
      bestRank = rank;
    }
    if (best < 0) heads.push(row);
    else {
      walks.next[tails[best] ?? 0] = row;
      walks.strength[row] = join.strength;
      walks.alternative[row] = alternative + 1;
      tails.splice(best, 1);
    }
    if (follows.hasAfter[point[row] ?? 0]) tails.push(row);
  }
  return heads;
}

/** Merges all pieces into one packet, if one order of their events allows it. */
function mergeAll(columns: EventColumns, join: EqualRowsJoin, how: number, pieces: readonly number[][]): boolean {
  let merged: readonly number[] | undefined;
  for (const piece of pieces) {
    merged = merged ? interleave(merged, piece, columns.cpu, (a, b) => isStep(columns, join, how, a, b)) : piece;
    if (!merged) return false;
  }
  if (merged) chainRows(join.walks, merged, join.strength);
  return true;
}

/**
 * Merges pieces two by two where each can only be merged with the other. Where a piece fits several, all are left as they are, with the
 * alternative marked: what can't be told apart is not guessed.
 */
function mergePairs(columns: EventColumns, join: EqualRowsJoin, how: number, heads: readonly number[]): void {
  const { walks } = join;
  const partners = new Map<number, number[]>();
  const begins = heads.map((head) => isOrigin(columns.point[head] ?? 0));
  for (let a = 0; a < heads.length; a++) {
    for (let b = a + 1; b < heads.length && b <= a + piecesTried; b++) {
      // Two pieces that both begin where packets begin are two packets.
      if (begins[a] && begins[b]) continue;
      const [first = 0, second = 0] = [heads[a], heads[b]];
      const order = interleave(rowsFrom(walks, first), rowsFrom(walks, second), columns.cpu, (x, y) =>
        isStep(columns, join, how, x, y),
      );
      if (!order) continue;
      for (const [one, two] of [
        [first, second],
        [second, first],
      ] as const) {
        const known = partners.get(one);
        if (known) known.push(two);
        else partners.set(one, [two]);
      }
    }
  }
  for (const [head, others] of partners) {
    const [other = 0] = others;
    if (others.length > 1) {
      walks.alternative[head] = other + 1;
      continue;
    }
    if (other < head || partners.get(other)?.length !== 1) continue;
    const order = interleave(rowsFrom(walks, head), rowsFrom(walks, other), columns.cpu, (x, y) =>
      isStep(columns, join, how, x, y),
    );
    if (order) chainRows(walks, order, join.strength);
  }
}

/**
 * Makes packets of rows with equal keys. Mostly they are the events of one packet in the order of its walk. Else the file shows them in another
 * order (rings of several CPUs are read in turn), some are missing, or several packets look alike (a retransmitted SYN-ACK, duplicate ACKs
 * over IPv6): pieces are built in the order of the file, and merged where the datapath allows one order only.
 *
 * @param head the first of the rows, which are chained by `next` of the walks in the order of the file
 */
export function joinEqualRows(columns: EventColumns, join: EqualRowsJoin, head: number): void {
  const { next, strength } = join.walks;
  if (isOneWalk(columns, join, head)) {
    for (let row = next[head] ?? -1; row >= 0; row = next[row] ?? -1) strength[row] = join.strength;
    return;
  }
  const rows = rowsFrom(join.walks, head);
  for (const row of rows) next[row] = -1;
  for (const how of [following.next, following.later]) {
    const heads =
      how === following.next ? appendInOrder(columns, join, rows) : rows.filter((row) => strength[row] === 0);
    // Nothing comes before these: of two whole packets that look alike, neither goes on from the other.
    const begins = heads.filter((head) => join.follows.hasBefore[columns.point[head] ?? 0] === 0).length;
    if (heads.length === 1 || begins === heads.length) return;
    if (begins <= 1 && heads.length <= piecesTried) {
      if (
        mergeAll(
          columns,
          join,
          how,
          heads.map((head) => rowsFrom(join.walks, head)),
        )
      )
        return;
    }
    mergePairs(columns, join, how, heads);
  }
}

import type { JoinStrength } from "../packet.js";

/**
 * Packets while they are joined: chains of rows. A chain begins at a row whose `strength` is 0 (`first`); a row by itself is a chain of one.
 */
export interface Walks {
  /** The row after this one in its packet, -1 at the end. */
  readonly next: Int32Array;
  /** How the row was joined to the one before it: index in `joinStrengths`. */
  readonly strength: Uint8Array;
  /** A row of another packet that this row may belong to as well, plus one; 0 for none. */
  readonly alternative: Uint32Array;
  /** Bits of `rowMarks`. */
  readonly marks: Uint8Array;
  /** Heads of packets that may be what became of others, by the last rows of those. See `markFollowers`. */
  readonly followers: Map<number, number>;
}

/** What is found out of a row on the way. */
export const rowMarks = {
  /** Another row of its chain stands before it. */
  inside: 1,
  /** It has neither a content key nor a trace id. */
  weak: 2,
} as const;

/** By the index that stands for them in columns. */
export const joinStrengths: readonly JoinStrength[] = [
  "first",
  "trace-id",
  "contents",
  "sequence",
  "orig-ip",
  "flow-hash",
  "translation",
  "addresses",
  "enclosed",
];

export function strengthIndex(strength: JoinStrength): number {
  return joinStrengths.indexOf(strength);
}

/** Room for the walks of so many rows; `keyChainer` writes `next` of all of them. */
export function createWalks(room: number): Walks {
  return {
    next: new Int32Array(room),
    strength: new Uint8Array(room),
    alternative: new Uint32Array(room),
    marks: new Uint8Array(room),
    followers: new Map(),
  };
}

/** The same walks with room for more rows. */
export function extendWalks(walks: Walks, room: number): Walks {
  const larger = createWalks(room);
  for (const name of ["next", "strength", "alternative", "marks"] as const) larger[name].set(walks[name]);
  return larger;
}

/** The walks of so many rows, without the room behind them. */
export function cutWalks({ next, strength, alternative, marks, followers }: Walks, length: number): Walks {
  return {
    next: next.subarray(0, length),
    strength: strength.subarray(0, length),
    alternative: alternative.subarray(0, length),
    marks: marks.subarray(0, length),
    followers,
  };
}

/** Makes `rows`, in this order, one packet. */
export function chainRows({ next, strength }: Walks, rows: readonly number[], joined: number): void {
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    strength[row] = at === 0 ? 0 : joined;
    next[row] = rows[at + 1] ?? -1;
  }
}

/** The rows of the packet that begins at `head`. */
export function rowsFrom({ next }: Walks, head: number): number[] {
  const rows: number[] = [];
  for (let row = head; row >= 0; row = next[row] ?? -1) rows.push(row);
  return rows;
}

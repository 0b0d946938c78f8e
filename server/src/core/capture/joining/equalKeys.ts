import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { hasContentKey, hashContentKey, sameContentKey } from "./contentKey.js";
import { rowMarks, type Walks } from "./walks.js";

/** Bits of a row's number within its block; with it a slot holds the other bits of the hash, so that keys are rarely compared in vain. */
const blockBits = 17;

/**
 * Rows of one packet stand no farther apart. The monitor empties the rings of its CPUs in turn, and a ring holds some thousand events (64
 * pages by default: pkg/maps/eventsmap); an IP identification comes again after 65536 packets to the same destination.
 */
export const farApart = 1 << blockBits;

/** Both the size of a table less one, and the bits of a slot that hold the row. */
const slotMask = (1 << (blockBits + 1)) - 1;

/** The rows of a block by their content keys: of each key the last row so far. */
interface KeyBlock {
  /** The first row of the block. */
  from: number;
  /** A slot holds the row's number in the block plus one, and above it the hash; 0 for an empty one. */
  slots: Int32Array;
}

/** The slot of a row's key in a block's table. */
function findSlot(columns: EventColumns, { from, slots }: KeyBlock, row: number, hash: number): number {
  const mask = slots.length - 1;
  const tag = hash & ~slotMask;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const held = slots[slot] ?? 0;
    if (held === 0) return slot;
    if ((held & ~slotMask) === tag && sameContentKey(columns, from + (held & slotMask) - 1, row)) return slot;
  }
}

/** Slots for the rows of a block of a capture with so many rows. */
function slotsFor(rows: number): number {
  return Math.min(slotMask + 1, 1 << Math.ceil(Math.log2(Math.max(2, rows) * 2)));
}

/** Gives a block's table more room. */
function growBlock(columns: EventColumns, block: KeyBlock, size: number): void {
  const old = block.slots;
  block.slots = new Int32Array(size);
  for (const held of old) {
    if (held === 0) continue;
    const row = block.from + (held & slotMask) - 1;
    block.slots[findSlot(columns, block, row, hashContentKey(columns, row))] = held;
  }
}

/** Chains the rows that come behind those that it knows, up to one. */
export type KeyChainer = (columns: EventColumns, walks: Walks, to: number) => void;

/**
 * Chains the rows that have equal content keys and stand no farther apart than rows of one packet do: for each row the next one of its chain,
 * -1 at the end of it. A row with a trace id is left out.
 *
 * Goes in blocks that are as long as rows may be apart, and looks in the tables of two blocks only. So the tables stay in the processor's
 * cache, and the time for a row is the same in a capture of any length.
 */
export function keyChainer(): KeyChainer {
  let done = 0;
  let block: KeyBlock = { from: 0, slots: new Int32Array(0) };
  let before: KeyBlock = { from: -farApart, slots: new Int32Array(0) };

  /** The row with the same key that came last, -1 if there is none; this row takes its place. */
  function replaceLast(columns: EventColumns, row: number): number {
    const hash = hashContentKey(columns, row);
    const slot = findSlot(columns, block, row, hash);
    const held = (block.slots[slot] ?? 0) & slotMask;
    block.slots[slot] = (hash & ~slotMask) | (row - block.from + 1);
    if (held > 0) return block.from + held - 1;
    const heldBefore = (before.slots[findSlot(columns, before, row, hash)] ?? 0) & slotMask;
    const earlier = before.from + heldBefore - 1;
    return heldBefore > 0 && row - earlier <= farApart ? earlier : -1;
  }

  return (columns, { next, marks }, to) => {
    const { rare, flags } = columns;
    const size = slotsFor(next.length);
    for (const each of [block, before]) if (each.slots.length < size) growBlock(columns, each, size);
    for (let row = done; row < to; row++) {
      if (row - block.from === farApart) {
        [block, before] = [before, block];
        block.from = row;
        block.slots.fill(0);
      }
      next[row] = -1;
      if ((flags[row] ?? 0) & rowFlags.rare && rare.get(row)?.ipTraceId !== undefined) continue;
      if (!hasContentKey(columns, row)) {
        marks[row] = rowMarks.weak;
        continue;
      }
      const earlier = replaceLast(columns, row);
      if (earlier < 0) continue;
      next[earlier] = row;
      marks[row] = rowMarks.inside;
    }
    done = Math.max(done, to);
  };
}

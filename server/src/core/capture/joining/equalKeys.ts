import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { hasContentKey, hashContentKey, sameContentKey } from "./contentKey.js";

/** Bits of a row's number within its block; with it a slot holds the other bits of the hash, so that keys are rarely compared in vain. */
const blockBits = 17;

/**
 * Rows of one packet stand no farther apart. The monitor empties the rings of its CPUs in turn, and a ring holds some thousand events (64
 * pages by default: pkg/maps/eventsmap); an IP identification comes again after 65536 packets to the same destination.
 */
export const farApart = 1 << blockBits;

/** Both the size of a table less one, and the bits of a slot that hold the row. */
const slotMask = (1 << (blockBits + 1)) - 1;

/** What is found out of a row on the way. */
export const rowMarks = {
  /** Another row of its chain stands before it. */
  inside: 1,
  /** It has neither a content key nor a trace id. */
  weak: 2,
} as const;

/** The rows of a block by their content keys: of each key the first row. */
interface KeyBlock {
  /** The first row of the block. */
  readonly from: number;
  /** A slot holds the row's number in the block plus one, and above it the hash; 0 for an empty one. */
  readonly slots: Int32Array;
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

/** Chains the rows of a block, from `to` down, with each other and with those of the block behind it. */
function chainBlock(
  columns: EventColumns,
  block: KeyBlock,
  behind: KeyBlock,
  to: number,
  next: Int32Array,
  marks: Uint8Array,
): void {
  const { rare, flags } = columns;
  const { from, slots } = block;
  for (let row = to - 1; row >= from; row--) {
    next[row] = -1;
    if ((flags[row] ?? 0) & rowFlags.rare && rare.get(row)?.ipTraceId !== undefined) continue;
    if (!hasContentKey(columns, row)) {
      marks[row] = rowMarks.weak;
      continue;
    }
    const hash = hashContentKey(columns, row);
    const slot = findSlot(columns, block, row, hash);
    let later = from + ((slots[slot] ?? 0) & slotMask) - 1;
    slots[slot] = (hash & ~slotMask) | (row - from + 1);
    if (later < from) {
      later = behind.from + ((behind.slots[findSlot(columns, behind, row, hash)] ?? 0) & slotMask) - 1;
      if (later < behind.from || later - row > farApart) continue;
    }
    next[row] = later;
    marks[later] = rowMarks.inside;
  }
}

/**
 * Chains the rows that have equal content keys and stand no farther apart than rows of one packet do: for each row the next one of its chain,
 * -1 at the end of it. A row with a trace id is left out.
 *
 * Goes from the last row to the first, in blocks that are as long as rows may be apart, and looks in the tables of two blocks only. So the
 * tables stay in the processor's cache, and the time for a row is the same in a capture of any length.
 *
 * @param next gets the chains; all of it is written
 * @returns by row: bits of `rowMarks`
 */
export function chainEqualKeys(columns: EventColumns, next: Int32Array): Uint8Array {
  const { length } = columns;
  const marks = new Uint8Array(length);
  const room = Math.min(slotMask + 1, 1 << Math.ceil(Math.log2(Math.max(2, length) * 2)));
  let [slots, slotsBehind] = [new Int32Array(room), new Int32Array(room)];
  for (let from = Math.floor(Math.max(0, length - 1) / farApart) * farApart; from >= 0; from -= farApart) {
    const behind = { from: from + farApart, slots: slotsBehind };
    chainBlock(columns, { from, slots: slots.fill(0) }, behind, Math.min(length, from + farApart), next, marks);
    [slots, slotsBehind] = [slotsBehind, slots];
  }
  return marks;
}

/** Rows by a key that is computed from their columns: a hash table of row numbers, without an object or a string for an entry. */
export interface RowTable {
  /** Answers the row that came first with the key of `row`: `row` itself if it is the first. */
  first(row: number, hash: number): number;
  /** The row that came last with the key of `row`; -1 if there is none. */
  latest(row: number, hash: number): number;
  /** Puts `row` in the place of the one that came last with its key, and answers that; -1 if it is the first. */
  replaceLatest(row: number, hash: number): number;
}

/**
 * @param entries how many different keys there may be
 * @param same whether two rows have the same key
 */
export function createRowTable(entries: number, same: (a: number, b: number) => boolean): RowTable {
  let size = 16;
  while (size < entries * 1.5) size *= 2;
  const mask = size - 1;
  // Row plus one, so that a fresh array is an empty table.
  const slots = new Int32Array(size);

  function slotOf(row: number, hash: number): number {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const held = slots[slot] ?? 0;
      if (held === 0 || same(held - 1, row)) return slot;
    }
  }

  return {
    first(row, hash) {
      const slot = slotOf(row, hash);
      const held = slots[slot] ?? 0;
      if (held !== 0) return held - 1;
      slots[slot] = row + 1;
      return row;
    },
    latest: (row, hash) => (slots[slotOf(row, hash)] ?? 0) - 1,
    replaceLatest(row, hash) {
      const slot = slotOf(row, hash);
      const held = slots[slot] ?? 0;
      slots[slot] = row + 1;
      return held - 1;
    },
  };
}

/** Takes a number into a hash (of 32 bits); start with any number. After Knuth's multiplicative hashing. */
export function mixHash(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

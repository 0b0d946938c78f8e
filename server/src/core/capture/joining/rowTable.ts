/** Rows by a key that is computed from their columns: a hash table of row numbers, without an object or a string for an entry. */
export interface RowTable {
  /** The row that came last with the key of `row`; -1 if there is none. */
  latest(row: number, hash: number): number;
  /** Puts `row` in the place of the one that came last with its key, and answers that; -1 if it is the first. */
  replaceLatest(row: number, hash: number): number;
}

const startSlots = 1 << 12;

/**
 * Grows with the number of its keys: a table that is larger than it need be would not stay in the processor's cache.
 *
 * @param same whether two rows have the same key; asked only of rows whose hashes are equal
 */
export function createRowTable(same: (held: number, row: number) => boolean): RowTable {
  let mask = startSlots - 1;
  // Pairs: a row plus one, so that a fresh array is an empty table, and the hash of its key.
  let slots = new Int32Array(startSlots * 2);
  let count = 0;

  function slotOf(row: number, hash: number): number {
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const held = slots[slot * 2] ?? 0;
      if (held === 0 || (slots[slot * 2 + 1] === hash && same(held - 1, row))) return slot * 2;
    }
  }

  function grow(): void {
    const old = slots;
    mask = mask * 4 + 3;
    slots = new Int32Array(old.length * 4);
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      let slot = (old[from + 1] ?? 0) & mask;
      while (slots[slot * 2] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = old[from] ?? 0;
      slots[slot * 2 + 1] = old[from + 1] ?? 0;
    }
  }

  return {
    latest: (row, hash) => (slots[slotOf(row, hash)] ?? 0) - 1,
    replaceLatest(row, hash) {
      const at = slotOf(row, hash);
      const held = slots[at] ?? 0;
      slots[at] = row + 1;
      if (held !== 0) return held - 1;
      slots[at + 1] = hash;
      if (++count * 2 > mask) grow();
      return -1;
    },
  };
}

/** Takes a number into a hash (a signed one of 32 bits); start with any number. After Knuth's multiplicative hashing. */
export function mixHash(hash: number, value: number): number {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
}

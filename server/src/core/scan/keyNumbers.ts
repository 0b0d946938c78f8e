/** Numbers for keys, from 0 in the order in which they are first asked for. A key is given as two hashes of 32 bits each. */
export type KeyNumbers = (low: number, high: number) => number;

/** Open addressing with linear probing; grows with the number of keys. */
export function createKeyNumbers(): KeyNumbers {
  let mask = 255;
  // Threes: number plus one, low, high.
  let slots = new Int32Array((mask + 1) * 3);
  let count = 0;

  function slotOf(low: number, high: number): number {
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * 3;
      if (slots[at] === 0 || (slots[at + 1] === low && slots[at + 2] === high)) return at;
    }
  }

  function grow(): void {
    const old = slots;
    mask = mask * 4 + 3;
    slots = new Int32Array((mask + 1) * 3);
    for (let from = 0; from < old.length; from += 3) {
      if (old[from] !== 0) slots.set(old.subarray(from, from + 3), slotOf(old[from + 1] ?? 0, old[from + 2] ?? 0));
    }
  }

  return (low, high) => {
    const at = slotOf(low, high);
    const known = slots[at] ?? 0;
    if (known !== 0) return known - 1;
    slots[at] = count + 1;
    slots[at + 1] = low;
    slots[at + 2] = high;
    count++;
    if (count * 2 > mask) grow();
    return count - 1;
  };
}

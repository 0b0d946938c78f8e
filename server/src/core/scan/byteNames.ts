/** What a name means to whoever reads it from bytes; made once for each different name. */
export interface ByteNames {
  /** Index of the name that stands in these bytes, or what `resolve` refused it with (a negative number). `hash` is that of the token, see `cursor`. */
  readonly indexOf: (bytes: Uint8Array, start: number, end: number, hash: number) => number;
}

/** The text of bytes that are all ASCII. */
export function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

const startSlots = 1024;

/**
 * Interns names that stand in bytes, without making a string for one that was seen before. Open addressing with linear probing.
 *
 * @param resolve the index for a name that is seen for the first time; a negative number refuses it, then and ever after
 */
export function byteNames(resolve: (text: string) => number): ByteNames {
  let slots = new Int32Array(startSlots).fill(-1);
  let pool = new Uint8Array(1 << 14);
  let poolEnd = 0;
  let starts = new Int32Array(startSlots);
  let ends = new Int32Array(startSlots);
  let hashes = new Int32Array(startSlots);
  let indices = new Int32Array(startSlots);
  let count = 0;

  const grow = (): void => {
    const bigger = (old: Int32Array): Int32Array<ArrayBuffer> => {
      const array = new Int32Array(old.length * 2);
      array.set(old);
      return array;
    };
    starts = bigger(starts);
    ends = bigger(ends);
    hashes = bigger(hashes);
    indices = bigger(indices);
    slots = new Int32Array(slots.length * 2).fill(-1);
    for (let entry = 0; entry < count; entry++) {
      let slot = (hashes[entry] ?? 0) & (slots.length - 1);
      while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = entry;
    }
  };

  const add = (bytes: Uint8Array, start: number, end: number, hash: number, slot: number): number => {
    const length = end - start;
    if (poolEnd + length > pool.length) {
      const larger = new Uint8Array(Math.max(pool.length * 2, poolEnd + length));
      larger.set(pool);
      pool = larger;
    }
    for (let at = start; at < end; at++) pool[poolEnd + at - start] = bytes[at] ?? 0;
    const index = resolve(asciiText(bytes, start, end));
    starts[count] = poolEnd;
    poolEnd += length;
    ends[count] = poolEnd;
    hashes[count] = hash;
    indices[count] = index;
    slots[slot] = count;
    count++;
    if (count * 2 > slots.length) grow();
    return index;
  };

  const indexOf = (bytes: Uint8Array, start: number, end: number, hash: number): number => {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = slots[slot] ?? -1;
      if (entry < 0) return add(bytes, start, end, hash, slot);
      if (hashes[entry] !== hash) continue;
      const from = starts[entry] ?? 0;
      const length = end - start;
      if ((ends[entry] ?? 0) - from !== length) continue;
      let same = 0;
      while (same < length && pool[from + same] === bytes[start + same]) same++;
      if (same === length) return indices[entry] ?? -1;
    }
  };

  return { indexOf };
}

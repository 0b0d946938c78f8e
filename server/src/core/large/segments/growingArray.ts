/** Numbers whose count is not known beforehand. */
export interface GrowingArray<T extends Uint32Array | Uint8Array> {
  readonly length: number;
  push(value: number): void;
  at(index: number): number;
  set(index: number, value: number): void;
  /** All of them; not to be added to afterwards. */
  finish(): T;
}

/** @param create makes an array of zeros */
export function growingArray<T extends Uint32Array | Uint8Array>(create: (length: number) => T): GrowingArray<T> {
  let values = create(1 << 12);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = create(length + (length >> 1));
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    at: (index) => values[index] ?? 0,
    set(index, value) {
      values[index] = value;
    },
    finish: () => values.subarray(0, length) as T,
  };
}

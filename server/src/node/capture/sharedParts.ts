/** What is read at once, by one thread: some 10 ms, in which this thread does nothing else. Smaller files are one part. */
export const partLength = 8 << 20;

/** A stretch of a file that is cut into parts, which threads take one by one: whoever is done first takes the next. */
export interface SharedParts {
  readonly from: number;
  readonly to: number;
  /** How many parts are taken: one number, in memory that the threads share. */
  readonly taken: Int32Array;
}

/** A part: where it begins, where it ends, and its number from 0. */
export interface PartRange {
  readonly part: number;
  readonly from: number;
  readonly to: number;
}

export function shareParts(from: number, to: number): SharedParts {
  return { from, to, taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) };
}

export function countParts({ from, to }: SharedParts): number {
  return Math.max(0, Math.ceil((to - from) / partLength));
}

/** Takes the next part that nobody has taken; `undefined` if there is none. */
export function takePart(parts: SharedParts): PartRange | undefined {
  const part = Atomics.add(parts.taken, 0, 1);
  const from = parts.from + part * partLength;
  return from < parts.to ? { part, from, to: Math.min(parts.to, from + partLength) } : undefined;
}

import type { ClassSet } from "../classSet.js";

/** The largest of some numbers, one for each class, over any set of classes. */
export interface RangeMaximum {
  over(set: ClassSet): number;
}

/** Prepares the numbers: n log n numbers are kept, by which each range of a set takes one step. */
export function rangeMaximum(values: Int32Array): RangeMaximum {
  const levels = [values];
  for (let width = 1; 2 * width <= values.length; width *= 2) {
    const below = levels.at(-1) as Int32Array;
    const level = new Int32Array(values.length - 2 * width + 1);
    for (let at = 0; at < level.length; at++) {
      level[at] = Math.max(below[at] as number, below[at + width] as number);
    }
    levels.push(level);
  }
  return {
    over(set) {
      let most = Number.NEGATIVE_INFINITY;
      for (let range = 0; range < set.length; range += 2) {
        const [start, end] = [set[range] as number, set[range + 1] as number];
        const depth = 31 - Math.clz32(end - start);
        const level = levels[depth] as Int32Array;
        most = Math.max(most, level[start] as number, level[end - (1 << depth)] as number);
      }
      return most;
    },
  };
}

/**
 * A set of classes of addresses, as ranges: start and end (not included) in turn, ascending, with gaps between. Empty: no class.
 */
export type ClassSet = readonly number[];

/** What is in both sets. */
export function intersectClasses(a: ClassSet, b: ClassSet): ClassSet {
  if (a.length === 2 && b.length === 2) {
    const start = Math.max(a[0] as number, b[0] as number);
    const end = Math.min(a[1] as number, b[1] as number);
    return start < end ? [start, end] : none;
  }
  const result: number[] = [];
  for (let left = firstAfter(a, b[0] ?? 0), right = firstAfter(b, a[0] ?? 0); left < a.length && right < b.length; ) {
    const start = Math.max(a[left] as number, b[right] as number);
    const end = Math.min(a[left + 1] as number, b[right + 1] as number);
    if (start < end) result.push(start, end);
    if ((a[left + 1] as number) <= (b[right + 1] as number)) left += 2;
    else right += 2;
  }
  return result;
}

/** What is in `a` and not in `b`. */
export function subtractClasses(a: ClassSet, b: ClassSet): ClassSet {
  const result: number[] = [];
  let right = 0;
  for (let left = 0; left < a.length; left += 2) {
    let start = a[left] as number;
    const end = a[left + 1] as number;
    while (right < b.length && (b[right + 1] as number) <= start) right += 2;
    for (let at = right; at < b.length && (b[at] as number) < end; at += 2) {
      if ((b[at] as number) > start) result.push(start, b[at] as number);
      start = Math.max(start, b[at + 1] as number);
    }
    if (start < end) result.push(start, end);
  }
  return result;
}

/** What is in any of the sets. */
export function uniteClasses(sets: readonly ClassSet[]): ClassSet {
  if (sets.length === 1) return sets[0] ?? none;
  const ranges: (readonly [number, number])[] = [];
  for (const set of sets)
    for (let at = 0; at < set.length; at += 2) ranges.push([set[at] as number, set[at + 1] as number]);
  ranges.sort(([a], [b]) => a - b);
  const result: number[] = [];
  for (const [start, end] of ranges) {
    const last = result.length - 1;
    if (last > 0 && start <= (result[last] as number)) result[last] = Math.max(result[last] as number, end);
    else result.push(start, end);
  }
  return result;
}

/** Whether the sets have a class in common. */
export function classesMeet(a: ClassSet, b: ClassSet): boolean {
  for (let left = firstAfter(a, b[0] ?? 0), right = firstAfter(b, a[0] ?? 0); left < a.length && right < b.length; ) {
    if ((a[left + 1] as number) <= (b[right] as number)) left += 2;
    else if ((b[right + 1] as number) <= (a[left] as number)) right += 2;
    else return true;
  }
  return false;
}

/** Whether a class is in the set. */
export function hasClass(set: ClassSet, at: number): boolean {
  const range = firstAfter(set, at);
  return range < set.length && (set[range] as number) <= at;
}

/** The classes of a set, ascending. */
export function* classesOf(set: ClassSet): Generator<number> {
  for (let range = 0; range < set.length; range += 2) {
    for (let at = set[range] as number; at < (set[range + 1] as number); at++) yield at;
  }
}

const none: ClassSet = [];

/** The position of the first range that ends behind `value`. */
function firstAfter(set: ClassSet, value: number): number {
  let low = 0;
  let high = set.length / 2;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((set[2 * middle + 1] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

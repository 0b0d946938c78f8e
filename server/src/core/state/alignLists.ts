/** How the items of a list and of a later one belong together; positions in the two lists. */
export interface Alignment {
  /** The same item in both, in the order they have in common. */
  readonly kept: readonly (readonly [before: number, after: number])[];
  /** The same item in both that left this order. */
  readonly moved: readonly (readonly [before: number, after: number])[];
  readonly gone: readonly number[];
  readonly come: readonly number[];
}

/**
 * Aligns two lists. Items with the same key belong together, repeated ones in their order; of the pairs, the longest run in common order
 * counts as kept (longest increasing subsequence, n log n).
 *
 * @param same a quick way to tell that two items are the same, if there is one: what the lists begin and end with needs no keys then
 */
export function alignLists<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
  same: (a: T, b: T) => boolean = (a, b) => a === b,
): Alignment {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && same(before[head] as T, after[head] as T)) head++;
  let tail = 0;
  while (tail < shorter - head && same(before.at(-1 - tail) as T, after.at(-1 - tail) as T)) tail++;
  const middle = alignKeys(
    before.slice(head, before.length - tail).map(keyOf),
    after.slice(head, after.length - tail).map(keyOf),
  );
  const pair = (l: number, r: number) => [l, r] as const;
  return {
    kept: [
      ...Array.from({ length: head }, (_, at) => pair(at, at)),
      ...middle.kept.map(([l, r]) => pair(l + head, r + head)),
      ...Array.from({ length: tail }, (_, at) => pair(before.length - tail + at, after.length - tail + at)),
    ],
    moved: middle.moved.map(([l, r]) => pair(l + head, r + head)),
    gone: middle.gone.map((at) => at + head),
    come: middle.come.map((at) => at + head),
  };
}

function alignKeys(before: readonly string[], after: readonly string[]): Alignment {
  const places = new Map<string, number[]>();
  for (const [at, key] of after.entries()) {
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  }
  const taken = new Map<string, number>();
  const pairs: (readonly [number, number])[] = [];
  const gone: number[] = [];
  const met = new Set<number>();
  for (const [at, key] of before.entries()) {
    const turn = taken.get(key) ?? 0;
    const place = places.get(key)?.[turn];
    taken.set(key, turn + 1);
    if (place === undefined) {
      gone.push(at);
      continue;
    }
    pairs.push([at, place]);
    met.add(place);
  }
  const inOrder = longestAscent(pairs.map(([, place]) => place));
  return {
    kept: pairs.filter((_, at) => inOrder.has(at)),
    moved: pairs.filter((_, at) => !inOrder.has(at)),
    gone,
    come: [...after.keys()].filter((at) => !met.has(at)),
  };
}

/** The positions of a longest ascending subsequence of distinct numbers. */
function longestAscent(values: readonly number[]): ReadonlySet<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [at, value] of values.entries()) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((values[tails[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    previous.push(tails[low - 1] ?? -1);
    tails[low] = at;
  }
  const chosen = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] as number) chosen.add(at);
  return chosen;
}

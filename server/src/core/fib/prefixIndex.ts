import type { Prefix } from "../net/prefix.js";
import { type AddressKey, addressKey, maskWord } from "./addressKey.js";

/**
 * Routes by destination, for longest-prefix matching. The distinct prefixes ("leaves") are numbered by first address, then
 * length. Prefixes nest or are disjoint, so the longest one that holds an address is the last that begins at or before it, or
 * one that encloses that one: a binary search and a short climb. Flat arrays, because a full Internet table has a million routes.
 */
export interface PrefixIndex<T> {
  /** The first address of each leaf, word by word (see AddressKey): one array for IPv4, four for IPv6. */
  readonly words: readonly Int32Array[];
  readonly lengths: Uint8Array;
  /** The longest leaf around each leaf, or -1. */
  readonly parents: Int32Array;
  /**
   * Large indices only: for the upper half of the first word, where the leaves that share it begin; one more entry marks the end. A
   * binary search over a million leaves would miss the processor's cache at nearly every step.
   */
  readonly halves: Uint32Array | undefined;
  /** Where each leaf's routes begin in `items`; one more entry marks the end. */
  readonly starts: Uint32Array;
  readonly items: readonly T[];
  /** Where each item stood in the list that was indexed; undefined where that was in the index's order. */
  readonly order: readonly number[] | undefined;
}

/** Builds the index. Routes of one prefix are ordered by `compare`, then as given; host bits of a prefix are ignored. */
export function buildPrefixIndex<T extends { readonly dst: Prefix }>(
  routes: readonly T[],
  compare: (a: T, b: T) => number,
): PrefixIndex<T> {
  const unsorted = readKeys(routes);
  const order = sortedOrder(unsorted, routes, compare);
  const at = (position: number): number => (order === undefined ? position : (order[position] as number));
  const firsts = new Uint32Array(routes.length);
  const starts = new Uint32Array(routes.length + 1);
  let count = 0;
  for (let position = 0; position < routes.length; position++) {
    if (position > 0 && comparePrefixes(unsorted, at(position - 1), at(position)) === 0) continue;
    firsts[count] = at(position);
    starts[count++] = position;
  }
  starts[count] = routes.length;
  const leaves = firsts.subarray(0, count);
  const words = unsorted.words.map((word) => gather(word, leaves, new Int32Array(count)));
  const index: PrefixIndex<T> = {
    words,
    lengths: gather(unsorted.lengths, leaves, new Uint8Array(count)),
    parents: new Int32Array(count),
    halves: findHalves(words[0]),
    starts: starts.slice(0, count + 1),
    items: order === undefined ? routes : order.map((route) => routes[route] as T),
    order,
  };
  // A leaf's parent lies before it, so the leaves are linked in order.
  for (let leaf = 0; leaf < count; leaf++) index.parents[leaf] = climb(index, leaf - 1, keyOf(index, leaf));
  return index;
}

/** Picks the elements at `positions`. A loop, because `from` with a function goes by an iterator: half a second for a million. */
function gather<A extends Int32Array | Uint8Array>(source: A, positions: Uint32Array, result: A): A {
  for (let at = 0; at < positions.length; at++) result[at] = source[positions[at] as number] as number;
  return result;
}

/** Fewer leaves than this fit into the cache anyway. */
const largeIndex = 4096;

function upperHalf(biasedWord: number): number {
  return (biasedWord ^ bias) >>> 16;
}

function findHalves(first: Int32Array | undefined): Uint32Array | undefined {
  if (!first || first.length < largeIndex) return undefined;
  const halves = new Uint32Array(0x10001);
  for (const word of first) {
    const next = upperHalf(word) + 1;
    halves[next] = (halves[next] ?? 0) + 1;
  }
  for (let half = 1; half < halves.length; half++) halves[half] = (halves[half] ?? 0) + (halves[half - 1] ?? 0);
  return halves;
}

/** The positions of the routes in the index's order; `undefined` where they are in it already, as a dump of the kernel nearly is. */
function sortedOrder<T>(keys: Keys, routes: readonly T[], compare: (a: T, b: T) => number): number[] | undefined {
  const byRoute = (a: number, b: number): number =>
    comparePrefixes(keys, a, b) || compare(routes[a] as T, routes[b] as T);
  let position = 1;
  while (position < routes.length && byRoute(position - 1, position) <= 0) position++;
  if (position >= routes.length) return undefined;
  return Array.from(routes, (_, at) => at).sort((a, b) => byRoute(a, b) || a - b);
}

/** The leaf with the longest prefix that holds `key`, or -1. Its `parents` are the next shorter ones. */
export function longestMatch<T>(index: PrefixIndex<T>, key: AddressKey): number {
  return climb(index, leavesUpTo(index, key) - 1, key);
}

/** How many leaves begin at or before `key`. */
export function leavesUpTo<T>(index: PrefixIndex<T>, key: AddressKey): number {
  const first = index.words[0] as Int32Array;
  const half = upperHalf(key.w0);
  let low = index.halves?.[half] ?? 0;
  let high = index.halves?.[half + 1] ?? first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const word = first[middle] as number;
    if (word < key.w0 || (word === key.w0 && restBegins(index, middle, key))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a leaf whose first word is that of `key` begins at or before it. */
function restBegins({ words }: Pick<PrefixIndex<unknown>, "words">, leaf: number, key: AddressKey): boolean {
  const [, second, third, fourth] = words;
  if (!second || !third || !fourth) return true;
  return (
    (compareWords(second[leaf] as number, key.w1) ||
      compareWords(third[leaf] as number, key.w2) ||
      compareWords(fourth[leaf] as number, key.w3)) <= 0
  );
}

function climb<T>({ words, lengths, parents }: PrefixIndex<T>, from: number, key: AddressKey): number {
  const [first, second, third, fourth] = words;
  let leaf = from;
  for (; leaf >= 0; leaf = parents[leaf] as number) {
    const length = lengths[leaf] as number;
    if ((((first as Int32Array)[leaf] as number) ^ key.w0) & maskWord(length, 0)) continue;
    if (length <= 32 || !second || !third || !fourth) return leaf;
    const differs =
      (((second[leaf] as number) ^ key.w1) & maskWord(length, 1)) |
      (((third[leaf] as number) ^ key.w2) & maskWord(length, 2)) |
      (((fourth[leaf] as number) ^ key.w3) & maskWord(length, 3));
    if (differs === 0) return leaf;
  }
  return leaf;
}

function keyOf({ words }: PrefixIndex<unknown>, leaf: number): AddressKey {
  const word = (number: number) => words[number]?.[leaf] ?? 0;
  return { w0: word(0), w1: word(1), w2: word(2), w3: word(3) };
}

type Keys = Pick<PrefixIndex<unknown>, "words" | "lengths">;

function readKeys(routes: readonly { readonly dst: Prefix }[]): Keys {
  const count = routes[0]?.dst.family === 6 ? 4 : 1;
  const words = Array.from({ length: count }, () => new Int32Array(routes.length));
  const [first, second, third, fourth] = words;
  const lengths = new Uint8Array(routes.length);
  routes.forEach(({ dst }, at) => {
    const { w0, w1, w2, w3 } = addressKey(dst);
    const { length } = dst;
    lengths[at] = length;
    // The bias of the first word is no bit of the address.
    if (first) first[at] = ((w0 ^ bias) & maskWord(length, 0)) ^ bias;
    if (!second || !third || !fourth) return;
    second[at] = w1 & maskWord(length, 1);
    third[at] = w2 & maskWord(length, 2);
    fourth[at] = w3 & maskWord(length, 3);
  });
  return { words, lengths };
}

const bias = -0x80000000;

function comparePrefixes({ words, lengths }: Keys, a: number, b: number): number {
  const [first, second, third, fourth] = words;
  const before = (first?.[a] ?? 0) - (first?.[b] ?? 0);
  if (before !== 0) return before;
  if (second && third && fourth) {
    const rest =
      compareWords(second[a] as number, second[b] as number) ||
      compareWords(third[a] as number, third[b] as number) ||
      compareWords(fourth[a] as number, fourth[b] as number);
    if (rest !== 0) return rest;
  }
  return (lengths[a] as number) - (lengths[b] as number);
}

/** Words other than the first are not biased: they compare as unsigned numbers. */
function compareWords(a: number, b: number): number {
  return (a >>> 0) - (b >>> 0);
}

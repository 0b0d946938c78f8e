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
  /** Where each leaf's routes begin in `items`; one more entry marks the end. */
  readonly starts: Uint32Array;
  readonly items: readonly T[];
}

/** Builds the index. Routes of one prefix are ordered by `compare`, then as given; host bits of a prefix are ignored. */
export function buildPrefixIndex<T extends { readonly dst: Prefix }>(
  routes: readonly T[],
  compare: (a: T, b: T) => number,
): PrefixIndex<T> {
  const unsorted = readKeys(routes);
  const byPrefix = (a: number, b: number) => comparePrefixes(unsorted, a, b);
  const order = Array.from(routes, (_, at) => at);
  order.sort((a, b) => byPrefix(a, b) || compare(routes[a] as T, routes[b] as T));
  const firsts = order.filter((route, at) => at === 0 || byPrefix(order[at - 1] as number, route) !== 0);
  const starts = new Uint32Array(firsts.length + 1).fill(routes.length);
  for (let leaf = 0, at = 0; leaf < firsts.length; at++) if (order[at] === firsts[leaf]) starts[leaf++] = at;
  const index: PrefixIndex<T> = {
    words: unsorted.words.map((word) => Int32Array.from(firsts, (route) => word[route] as number)),
    lengths: Uint8Array.from(firsts, (route) => unsorted.lengths[route] as number),
    parents: new Int32Array(firsts.length),
    starts,
    items: order.map((route) => routes[route] as T),
  };
  // A leaf's parent lies before it, so the leaves are linked in order.
  for (let leaf = 0; leaf < firsts.length; leaf++) index.parents[leaf] = climb(index, leaf - 1, keyOf(index, leaf));
  return index;
}

/** The leaf with the longest prefix that holds `key`, or -1. Its `parents` are the next shorter ones. */
export function longestMatch<T>(index: PrefixIndex<T>, key: AddressKey): number {
  const first = index.words[0] as Int32Array;
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const word = first[middle] as number;
    if (word < key.w0 || (word === key.w0 && restBegins(index, middle, key))) low = middle + 1;
    else high = middle;
  }
  return climb(index, low - 1, key);
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
  const lengths = new Uint8Array(routes.length);
  for (const [at, { dst }] of routes.entries()) {
    const { w0, w1, w2, w3 } = addressKey(dst);
    // The bias of the first word is no bit of the address.
    const parts = [((w0 ^ bias) & maskWord(dst.length, 0)) ^ bias, w1, w2, w3];
    for (const [number, word] of words.entries()) {
      const part = parts[number] as number;
      word[at] = number === 0 ? part : part & maskWord(dst.length, number);
    }
    lengths[at] = dst.length;
  }
  return { words, lengths };
}

const bias = -0x80000000;

function comparePrefixes({ words, lengths }: Keys, a: number, b: number): number {
  const [first, ...rest] = words;
  const before = (first?.[a] ?? 0) - (first?.[b] ?? 0);
  if (before !== 0) return before;
  for (const word of rest) {
    const difference = compareWords(word[a] as number, word[b] as number);
    if (difference !== 0) return difference;
  }
  return (lengths[a] as number) - (lengths[b] as number);
}

/** Words other than the first are not biased: they compare as unsigned numbers. */
function compareWords(a: number, b: number): number {
  return (a >>> 0) - (b >>> 0);
}

import type { Prefix } from "../net/prefix.js";
import { type AddressKey, addressKey, maskWord } from "./addressKey.js";

/**
 * Distinct prefixes ("leaves") of one family, numbered by first address, then length. They nest or are disjoint, so the longest one that
 * holds an address is the last that begins at or before it, or one that encloses that one: a binary search and a short climb. Flat arrays,
 * because a full Internet table has a million of them.
 */
export interface PrefixLeaves extends PrefixKeys {
  /** The longest leaf around each leaf, or -1. */
  readonly parents: Int32Array;
  /**
   * Many leaves only: for the upper half of the first word, where the leaves that share it begin; one more entry marks the end. A
   * binary search over a million leaves would miss the processor's cache at nearly every step.
   */
  readonly halves: Uint32Array | undefined;
}

/** Prefixes in any order, as numbers. */
export interface PrefixKeys {
  /** The first address of each, word by word (see AddressKey): one array for IPv4, four for IPv6. */
  readonly words: readonly Int32Array[];
  readonly lengths: Uint8Array;
}

/** The bias of the first word is no bit of the address. */
const bias = -0x80000000;

/** Reads prefixes, in their order; host bits are ignored. */
export function readKeys(prefixes: readonly { readonly dst: Prefix }[]): PrefixKeys {
  const keys = emptyKeys(prefixes[0]?.dst.family === 6 ? 4 : 1, prefixes.length);
  const [first, second, third, fourth] = keys.words;
  prefixes.forEach(({ dst }, at) => {
    const { length } = dst;
    keys.lengths[at] = length;
    if (!second || !third || !fourth) {
      if (first) first[at] = (Number(dst.value) & maskWord(length, 0)) ^ bias;
      return;
    }
    const { w0, w1, w2, w3 } = addressKey(dst);
    if (first) first[at] = ((w0 ^ bias) & maskWord(length, 0)) ^ bias;
    second[at] = w1 & maskWord(length, 1);
    third[at] = w2 & maskWord(length, 2);
    fourth[at] = w3 & maskWord(length, 3);
  });
  return keys;
}

/** Room for so many keys of so many words. */
export function emptyKeys(words: number, count: number): PrefixKeys {
  return { words: Array.from({ length: words }, () => new Int32Array(count)), lengths: new Uint8Array(count) };
}

/** Copies a key to another place. */
export function copyKey(from: PrefixKeys, at: number, to: PrefixKeys, place: number): void {
  for (let word = 0; word < from.words.length; word++) {
    (to.words[word] as Int32Array)[place] = (from.words[word] as Int32Array)[at] as number;
  }
  to.lengths[place] = from.lengths[at] as number;
}

/** The first so many keys. */
export function firstKeys({ words, lengths }: PrefixKeys, count: number): PrefixKeys {
  return { words: words.map((word) => word.subarray(0, count)), lengths: lengths.subarray(0, count) };
}

/** Compares two keys: by first address, then by length, the shorter prefix first. */
export function compareKeys(a: PrefixKeys, left: number, b: PrefixKeys, right: number): number {
  const before = ((a.words[0] as Int32Array)[left] as number) - ((b.words[0] as Int32Array)[right] as number);
  if (before !== 0) return before;
  // Words other than the first are not biased: they compare as unsigned numbers.
  for (let word = 1; word < a.words.length; word++) {
    const rest =
      (((a.words[word] as Int32Array)[left] as number) >>> 0) -
      (((b.words[word] as Int32Array)[right] as number) >>> 0);
    if (rest !== 0) return rest;
  }
  return (a.lengths[left] as number) - (b.lengths[right] as number);
}

/** Links sorted, distinct keys to those around them. */
export function linkLeaves(keys: PrefixKeys): PrefixLeaves {
  const parents = new Int32Array(keys.lengths.length);
  // A leaf's parent lies before it.
  for (let leaf = 0; leaf < parents.length; leaf++) {
    let around = leaf - 1;
    while (around >= 0 && !holds(keys, around, leaf)) around = parents[around] as number;
    parents[leaf] = around;
  }
  return { ...keys, parents, halves: findHalves(keys.words[0]) };
}

function holds({ words, lengths }: PrefixKeys, outer: number, inner: number): boolean {
  const length = lengths[outer] as number;
  for (let word = 0; word < words.length; word++) {
    const values = words[word] as Int32Array;
    if ((((values[outer] as number) ^ (values[inner] as number)) & maskWord(length, word)) !== 0) return false;
  }
  return true;
}

/** Fewer leaves than this fit into the cache anyway. */
const manyLeaves = 4096;

function upperHalf(biasedWord: number): number {
  return (biasedWord ^ bias) >>> 16;
}

function findHalves(first: Int32Array | undefined): Uint32Array | undefined {
  if (!first || first.length < manyLeaves) return undefined;
  const halves = new Uint32Array(0x10001);
  let leaf = 0;
  for (let half = 0; half <= 0x10000; half++) {
    while (leaf < first.length && upperHalf(first[leaf] as number) < half) leaf++;
    halves[half] = leaf;
  }
  return halves;
}

/** The leaf with the longest prefix that holds `key`, or -1. Its `parents` are the next shorter ones. */
export function longestMatch(leaves: PrefixLeaves, key: AddressKey): number {
  return climb(leaves, leavesUpTo(leaves, key) - 1, key);
}

/** The leaf of a prefix, or -1. */
export function leafOf(leaves: PrefixLeaves, prefix: Prefix): number {
  let leaf = longestMatch(leaves, addressKey(prefix));
  while (leaf >= 0 && (leaves.lengths[leaf] as number) > prefix.length) leaf = leaves.parents[leaf] as number;
  return leaf >= 0 && leaves.lengths[leaf] === prefix.length ? leaf : -1;
}

/** The prefixes around one, which need be none of the leaves itself. */
export function prefixesAround(leaves: PrefixLeaves, prefix: Prefix): Prefix[] {
  const around: Prefix[] = [];
  for (let leaf = longestMatch(leaves, addressKey(prefix)); leaf >= 0; leaf = leaves.parents[leaf] as number) {
    if ((leaves.lengths[leaf] as number) < prefix.length) around.push(leafPrefix(leaves, leaf));
  }
  return around;
}

/** How many leaves begin at or before `key`. */
export function leavesUpTo({ words, halves }: PrefixLeaves, key: AddressKey): number {
  const first = words[0] as Int32Array;
  const half = upperHalf(key.w0);
  let low = halves?.[half] ?? 0;
  let high = halves?.[half + 1] ?? first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const word = first[middle] as number;
    if (word < key.w0 || (word === key.w0 && restBegins(words, middle, key))) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a leaf whose first word is that of `key` begins at or before it. */
function restBegins([, second, third, fourth]: readonly Int32Array[], leaf: number, key: AddressKey): boolean {
  if (!second || !third || !fourth) return true;
  return (
    (compareWords(second[leaf] as number, key.w1) ||
      compareWords(third[leaf] as number, key.w2) ||
      compareWords(fourth[leaf] as number, key.w3)) <= 0
  );
}

function compareWords(a: number, b: number): number {
  return (a >>> 0) - (b >>> 0);
}

function climb({ words, lengths, parents }: PrefixLeaves, from: number, key: AddressKey): number {
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

/** The prefix of a leaf, host bits cleared. */
export function leafPrefix({ words, lengths }: PrefixKeys, leaf: number): Prefix {
  const length = lengths[leaf] as number;
  const first = ((words[0] as Int32Array)[leaf] as number) ^ bias;
  if (words.length === 1) return { family: 4, value: BigInt(first >>> 0), length };
  const value = words
    .slice(1)
    .reduce((bits, word) => (bits << 32n) | BigInt((word[leaf] as number) >>> 0), BigInt(first >>> 0));
  return { family: 6, value, length };
}

/** All leaves of some lists, each once. Merged by halves: n log(lists). */
export function uniteLeaves(lists: readonly PrefixKeys[]): PrefixKeys {
  const [first, second] = lists;
  if (!first || !second) return first ?? emptyKeys(1, 0);
  if (lists.length === 2) return mergeKeys(first, second);
  const middle = lists.length >>> 1;
  return mergeKeys(uniteLeaves(lists.slice(0, middle)), uniteLeaves(lists.slice(middle)));
}

function mergeKeys(a: PrefixKeys, b: PrefixKeys): PrefixKeys {
  if (a.lengths.length === 0) return b;
  if (b.lengths.length === 0) return a;
  const merged = emptyKeys(a.words.length, a.lengths.length + b.lengths.length);
  let count = 0;
  for (let left = 0, right = 0; left < a.lengths.length || right < b.lengths.length; count++) {
    const order = left === a.lengths.length ? 1 : right === b.lengths.length ? -1 : compareKeys(a, left, b, right);
    if (order <= 0) copyKey(a, left++, merged, count);
    else copyKey(b, right, merged, count);
    if (order >= 0) right++;
  }
  return firstKeys(merged, count);
}

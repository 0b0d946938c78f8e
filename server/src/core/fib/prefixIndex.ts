import type { Prefix } from "../net/prefix.js";
import { type AddressKey, addressKey, keysAgree, maskWord } from "./addressKey.js";

/**
 * Routes by destination, for longest-prefix matching. The distinct prefixes ("leaves") are numbered by first address, then
 * length. Prefixes nest or are disjoint, so the longest one that holds an address is the last that begins at or before it, or
 * one that encloses that one: a binary search and a short climb. Flat arrays, because a full Internet table has a million routes.
 */
export interface PrefixIndex<T> {
  /** The first address of each leaf. */
  readonly keys: readonly AddressKey[];
  /** `keys[].w0` once more: the binary search touches nothing else. */
  readonly firstWords: Int32Array;
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
  const sorted = routes
    .map((route) => ({ route, key: networkKey(route.dst) }))
    .sort((a, b) => compareKeys(a.key, b.key) || a.route.dst.length - b.route.dst.length || compare(a.route, b.route));
  const starts: number[] = [];
  const keys: AddressKey[] = [];
  let last: (typeof sorted)[number] | undefined;
  for (const [at, next] of sorted.entries()) {
    const same = last && last.route.dst.length === next.route.dst.length && compareKeys(last.key, next.key) === 0;
    last = next;
    if (same) continue;
    starts.push(at);
    keys.push(next.key);
  }
  const index: PrefixIndex<T> = {
    keys,
    firstWords: Int32Array.from(keys, (key) => key.w0),
    lengths: Uint8Array.from(starts, (at) => sorted[at]?.route.dst.length ?? 0),
    parents: new Int32Array(keys.length),
    starts: Uint32Array.from([...starts, sorted.length]),
    items: sorted.map(({ route }) => route),
  };
  // A leaf's parent lies before it, so the leaves are linked in order.
  for (const [leaf, key] of keys.entries()) index.parents[leaf] = climb(index, leaf - 1, key);
  return index;
}

/** The leaf with the longest prefix that holds `key`, or -1. Its `parents` are the next shorter ones. */
export function longestMatch<T>(index: PrefixIndex<T>, key: AddressKey): number {
  const { firstWords, keys } = index;
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const word = firstWords[middle] as number;
    const before = word !== key.w0 ? word < key.w0 : compareKeys(keys[middle] as AddressKey, key) <= 0;
    if (before) low = middle + 1;
    else high = middle;
  }
  return climb(index, low - 1, key);
}

function climb<T>(index: PrefixIndex<T>, from: number, key: AddressKey): number {
  let leaf = from;
  while (leaf >= 0 && !keysAgree(index.keys[leaf] as AddressKey, key, index.lengths[leaf] as number)) {
    leaf = index.parents[leaf] as number;
  }
  return leaf;
}

function networkKey(prefix: Prefix): AddressKey {
  const key = addressKey(prefix);
  return {
    w0: ((key.w0 ^ -0x80000000) & maskWord(prefix.length, 0)) ^ -0x80000000,
    w1: key.w1 & maskWord(prefix.length, 1),
    w2: key.w2 & maskWord(prefix.length, 2),
    w3: key.w3 & maskWord(prefix.length, 3),
  };
}

function compareKeys(a: AddressKey, b: AddressKey): number {
  return a.w0 - b.w0 || (a.w1 >>> 0) - (b.w1 >>> 0) || (a.w2 >>> 0) - (b.w2 >>> 0) || (a.w3 >>> 0) - (b.w3 >>> 0);
}

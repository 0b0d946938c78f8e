// biome-ignore-all lint/correctness/noPrecisionLoss: the numbers of AssemblyScript may have 64 bits.

import { isUsual, refuseIf, takeDifferences } from "./judgement";

/**
 * Asks the reader for the number of a name that is not in the table. A negative one means that the name is not as usual.
 *
 * @param kind what the name is of, one of the kinds below
 * @param start where the name stands in memory
 */
declare function resolve(kind: i32, start: usize, end: usize): i32;

/** What a name may be. The same text can be two names with different numbers; server/src/core/scan/scanNames.ts tells what they mean. */
export const deviceName: i32 = 0;
export const stateName: i32 = 1;
export const pointName: i32 = 2;
export const reasonName: i32 = 3;
export const macName: i32 = 4;
export const address4Name: i32 = 5;
export const address6Name: i32 = 6;
export const echoName: i32 = 7;
export const icmp6Name: i32 = 8;

/** Most characters of a name: four vectors. */
const most: i32 = 64;

/** Ones and then zeros: loaded from `n` bytes before the middle on, 64 bytes have `n` leading bytes set. */
const masks: usize = memory.data(2 * most, 16);

/** An entry: the name, filled up with zeros; then its length and kind; then its number. */
const entrySize: i32 = most + 16;
const mostEntries: i32 = 1 << 15;
const entries: usize = memory.data(entrySize * mostEntries, 16);
let entryCount: i32 = 0;

/** By hash, the number of an entry plus one, and half of its hash to tell most others from it. Open addressing with linear probing. */
const slotCount: i32 = 1 << 16;
const slots: usize = memory.data(4 * slotCount, 16);

/** The number of the name that was read last. */
export let name: i32 = 0;

memory.fill(masks, 0xff, most);

function mix(bytes: v128, low: u64, high: u64): u64 {
  return i64x2.extract_lane(bytes, 0) * low + i64x2.extract_lane(bytes, 1) * high;
}

/**
 * Looks up the name of a kind that has `length` bytes. Only names that are as usual get into the table, so one that is found there
 * needs no look at its characters. The table is emptied when it is full: the reader gives a name the same number again.
 */
function lookUp(kind: i32, at: usize, length: i32): void {
  const mask = masks + most - length;
  const first = v128.and(v128.load(at), v128.load(mask));
  let second = i64x2.splat(0);
  let third = second;
  let fourth = second;
  let hash = mix(first, 0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f) + kind;
  if (length > 16) {
    second = v128.and(v128.load(at, 16), v128.load(mask, 16));
    hash += mix(second, 0x165667b19e3779f9, 0xd6e8feb86659fd93);
    if (length > 32) {
      third = v128.and(v128.load(at, 32), v128.load(mask, 32));
      fourth = v128.and(v128.load(at, 48), v128.load(mask, 48));
      hash += mix(v128.xor(third, fourth), 0xa0761d6478bd642f, 0xe7037ed1a0b428db);
    }
  }
  hash ^= hash >> 32;
  hash *= 0xff51afd7ed558ccd;
  const tag = <u32>(hash >> 32) & 0xffff0000;
  const what = (length << 8) | kind;
  for (let index = <u32>(hash >> 32) & (slotCount - 1); ; index = (index + 1) & (slotCount - 1)) {
    const slot = slots + (index << 2);
    const content = load<u32>(slot);
    if (content === 0) {
      addName(kind, at, length, first, second, third, fourth, slot, tag);
      return;
    }
    if ((content ^ tag) >> 16) continue;
    const entry = entries + ((content & 0xffff) - 1) * entrySize;
    if (load<i32>(entry, most) !== what) continue;
    let differences = v128.xor(v128.load(entry), first);
    differences = v128.or(differences, v128.xor(v128.load(entry, 16), second));
    if (length > 32) {
      differences = v128.or(differences, v128.xor(v128.load(entry, 32), third));
      differences = v128.or(differences, v128.xor(v128.load(entry, 48), fourth));
    }
    if (v128.any_true(differences)) continue;
    name = load<i32>(entry, most + 4);
    return;
  }
}

function addName(
  kind: i32,
  at: usize,
  length: i32,
  first: v128,
  second: v128,
  third: v128,
  fourth: v128,
  slot: usize,
  tag: u32,
): void {
  name = 0;
  // What stands in a line that was refused already is perhaps no name.
  if (!isUsual()) return;
  name = resolve(kind, at, at + length);
  if (name < 0) {
    refuseIf(true);
    return;
  }
  if (entryCount === mostEntries) {
    memory.fill(slots, 0, 4 * slotCount);
    entryCount = 0;
    return;
  }
  const entry = entries + entryCount * entrySize;
  v128.store(entry, first);
  v128.store(entry, second, 16);
  v128.store(entry, third, 32);
  v128.store(entry, fourth, 48);
  store<i32>(entry, (length << 8) | kind, most);
  store<i32>(entry, name, most + 4);
  entryCount++;
  store<u32>(slot, tag | entryCount);
}

/** One bit for each of 16 bytes that is this one. */
function places(at: usize, byte: v128): i32 {
  return i8x16.bitmask(i8x16.eq(v128.load(at), byte));
}

/** Reads a name that ends before the next `end`, and answers where that stands. */
export function readName(kind: i32, at: usize, end: u8): usize {
  const byte = i8x16.splat(end);
  let length = ctz(places(at, byte) | 0x10000);
  if (length === 16) {
    length += ctz(places(at + 16, byte) | 0x10000);
    if (length === 32) {
      length += ctz(places(at + 32, byte) | 0x10000);
      if (length === 48) length += ctz(places(at + 48, byte) | 0x10000);
    }
  }
  if (length === most) refuseIf(true);
  else lookUp(kind, at, length);
  return at + length;
}

/** Passes over the text that stood between `from` and `to`, at most 64 bytes, which must stand again at `at`. */
export function skipSame(at: usize, from: usize, to: usize): usize {
  const length = <i32>(to - from);
  const mask = masks + most - length;
  let differences = v128.and(v128.xor(v128.load(at), v128.load(from)), v128.load(mask));
  for (let offset = 16; offset < length; offset += 16) {
    const more = v128.xor(v128.load(at + offset), v128.load(from + offset));
    differences = v128.or(differences, v128.and(more, v128.load(mask + offset)));
  }
  takeDifferences(differences);
  return at + length;
}

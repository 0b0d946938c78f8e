import type { Address } from "../net/address.js";
import type { Prefix } from "../net/prefix.js";

/**
 * An address as four 32-bit words, for comparing without big integers. The first word is biased (its top bit inverted), so that
 * signed comparison orders as unsigned; XOR of two keys is not affected. IPv4 uses the first word, the others are 0.
 */
export interface AddressKey {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
}

const bias = 0x80000000;

/** The key of an address. */
export function addressKey(address: Address): AddressKey {
  const { family, value } = address;
  if (family === 4) return { w0: (Number(value) ^ bias) | 0, w1: 0, w2: 0, w3: 0 };
  const high = value >> 64n;
  return {
    w0: (Number(high >> 32n) ^ bias) | 0,
    w1: Number(high & 0xffffffffn) | 0,
    w2: Number((value >> 32n) & 0xffffffffn) | 0,
    w3: Number(value & 0xffffffffn) | 0,
  };
}

/** The key of 0.0.0.0 and `::`. */
export const unspecifiedKey: AddressKey = { w0: bias | 0, w1: 0, w2: 0, w3: 0 };

/** The mask of word number `word` (0 to 3) for a prefix length. */
export function maskWord(length: number, word: number): number {
  const bits = length - 32 * word;
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

/** The first word of a prefix's key with its host bits cleared. The bias of that word is no bit of the address, and stays. */
export function networkWord(prefix: Prefix): number {
  return ((addressKey(prefix).w0 ^ bias) & maskWord(prefix.length, 0)) ^ bias;
}

/** Whether the first `length` bits of two keys are the same. */
export function keysAgree(a: AddressKey, b: AddressKey, length: number): boolean {
  if (((a.w0 ^ b.w0) & maskWord(length, 0)) !== 0) return false;
  if (length <= 32) return true;
  return (
    ((a.w1 ^ b.w1) & maskWord(length, 1)) === 0 &&
    ((a.w2 ^ b.w2) & maskWord(length, 2)) === 0 &&
    ((a.w3 ^ b.w3) & maskWord(length, 3)) === 0
  );
}

import type { Family } from "../../net/address.js";
import { firstAddress, lastAddress, type Prefix } from "../../net/prefix.js";

/** Addresses of one family that follow one another, both ends included. */
export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of addresses: ranges in ascending order that neither overlap nor touch a second time. */
export type AddressSet = readonly AddressRange[];

/** Every address of a family. */
export function allAddresses(family: Family): AddressSet {
  return everywhere[family];
}

const everywhere: Readonly<Record<Family, AddressSet>> = {
  4: [{ first: 0n, last: (1n << 32n) - 1n }],
  6: [{ first: 0n, last: (1n << 128n) - 1n }],
};

/** The addresses of a prefix. */
export function prefixRange(prefix: Prefix): AddressRange {
  return { first: firstAddress(prefix).value, last: lastAddress(prefix).value };
}

/** What is in both sets. Skips to where the smaller set begins, so that cutting a few addresses out of a large set is cheap. */
export function intersectAddresses(a: AddressSet, b: AddressSet): AddressSet {
  if (a.length > b.length) return intersectAddresses(b, a);
  const result: AddressRange[] = [];
  for (const range of a) {
    for (let at = firstReaching(b, range.first); at < b.length; at++) {
      const { first, last } = b[at] as AddressRange;
      if (first > range.last) break;
      const begin = contains(range, first) ? first : range.first;
      result.push({ first: begin, last: contains(range, last) ? last : range.last });
    }
  }
  return result;
}

function contains({ first, last }: AddressRange, address: bigint): boolean {
  return first <= address && address <= last;
}

/** What is in `a` and not in `b`. */
export function subtractAddresses(a: AddressSet, b: AddressSet): AddressSet {
  const result: AddressRange[] = [];
  for (const range of a) {
    let next = range.first;
    for (let at = firstReaching(b, range.first); at < b.length; at++) {
      const { first, last } = b[at] as AddressRange;
      if (first > range.last) break;
      if (first > next) result.push({ first: next, last: first - 1n });
      next = last + 1n;
    }
    if (next <= range.last) result.push({ first: next, last: range.last });
  }
  return result;
}

/** The first range that ends at or behind an address. */
function firstReaching(set: AddressSet, address: bigint): number {
  let low = 0;
  let high = set.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((set[middle] as AddressRange).last < address) low = middle + 1;
    else high = middle;
  }
  return low;
}

import { type Address, type Family, familyBits } from "../net/address.js";
import { containsPrefix, everything, firstAddress, lastAddress, type Prefix } from "../net/prefix.js";
import { addressKey } from "./addressKey.js";
import { type ClassSet, classesOf } from "./classSet.js";
import { familiarAddresses } from "./familiarAddresses.js";
import { buildPrefixIndex } from "./prefixIndex.js";
import {
  leafPrefix,
  leavesUpTo,
  linkLeaves,
  longestMatch,
  type PrefixKeys,
  type PrefixLeaves,
  readKeys,
  uniteLeaves,
} from "./prefixLeaves.js";

/**
 * All addresses of a family, in classes that a set of prefixes cannot tell apart: each prefix without the longer ones inside it. Classes
 * are numbered by first address, then length, so the classes within a prefix follow one another, the prefix's own first.
 */
export interface AddressClasses {
  readonly family: Family;
  readonly leaves: PrefixLeaves;
  /** For each class, the number behind the last class inside its prefix. */
  readonly ends: Int32Array;
  /** Examples that were asked for, by class. */
  readonly examples: (Address | undefined)[];
}

/** The classes that `prefixes` make, each of them and every address besides. Repeats and host bits do no harm. */
export function addressClasses(family: Family, prefixes: readonly Prefix[]): AddressClasses {
  return classesOfKeys(family, [
    buildPrefixIndex(
      prefixes.map((dst) => ({ dst })),
      () => 0,
    ),
  ]);
}

/** The classes that the prefixes of some lists make together, each list sorted and without repeats. */
export function classesOfKeys(family: Family, lists: readonly PrefixKeys[]): AddressClasses {
  const leaves = linkLeaves(uniteLeaves([readKeys([{ dst: everything(family) }]), ...lists]));
  const ends = new Int32Array(leaves.lengths.length);
  for (let at = ends.length - 1; at >= 0; at--) {
    const end = Math.max(ends[at] ?? 0, at + 1);
    ends[at] = end;
    const parent = leaves.parents[at] as number;
    if (parent >= 0) ends[parent] = Math.max(ends[parent] ?? 0, end);
  }
  return { family, leaves, ends, examples: [] };
}

/** How many classes there are. */
export function classCount({ ends }: AddressClasses): number {
  return ends.length;
}

/** The prefix of a class. */
export function classPrefix({ leaves }: AddressClasses, at: number): Prefix {
  return leafPrefix(leaves, at);
}

/** The class of an address. */
export function classOf({ leaves }: AddressClasses, address: Address): number {
  return longestMatch(leaves, addressKey(address));
}

/** The classes within a prefix, which must be one of those that made the classes. */
export function classesWithin({ leaves, ends }: AddressClasses, prefix: Prefix): ClassSet {
  let at = longestMatch(leaves, addressKey(firstAddress(prefix)));
  while (at > 0 && (leaves.lengths[at] as number) > prefix.length) at = leaves.parents[at] as number;
  return [at, ends[at] as number];
}

/** An address of a class; undefined where the longer prefixes leave none. */
export function exampleOfClass(classes: AddressClasses, at: number): Address | undefined {
  const { examples } = classes;
  if (!(at in examples)) examples[at] = findExample(classes, at);
  return examples[at];
}

/** An address of the first class of a set that has one. */
export function exampleOfClasses(classes: AddressClasses, set: ClassSet): Address | undefined {
  for (const at of classesOf(set)) {
    const address = exampleOfClass(classes, at);
    if (address) return address;
  }
  return undefined;
}

/** An address of a prefix, which need not be one of those that made the classes, and of no longer one that did; undefined where there is none. */
export function exampleWithin(classes: AddressClasses, prefix: Prefix): Address | undefined {
  const { leaves } = classes;
  const first = firstAddress(prefix);
  let start = first.value === 0n ? 0 : leavesUpTo(leaves, addressKey({ ...first, value: first.value - 1n }));
  const end = leavesUpTo(leaves, addressKey(lastAddress(prefix)));
  // Wider ones that begin at the same address are not inside.
  while (start < end && (leaves.lengths[start] as number) <= prefix.length) start++;
  return firstGap(classes, prefix, start, end);
}

function findExample(classes: AddressClasses, at: number): Address | undefined {
  const prefix = classPrefix(classes, at);
  if (prefix.length < familyBits(prefix.family) / 2) {
    const known = familiarAddresses[prefix.family].find(
      (address) => containsPrefix(prefix, address) && classOf(classes, address) === at,
    );
    if (known) return known;
  }
  return firstGap(classes, prefix, at + 1, classes.ends[at] as number);
}

/** The first address of a prefix that none of the classes inside covers; the subnet's own first one only where there is no other. */
function firstGap(classes: AddressClasses, prefix: Prefix, start: number, end: number): Address | undefined {
  const { family } = classes;
  const first = firstAddress(prefix).value;
  let lone: Address | undefined;
  for (const { from, last } of gaps(classes, prefix, start, end)) {
    const value = from === first && last > from ? from + 1n : from;
    if (value !== first || prefix.length === familyBits(family)) return { family, value };
    lone = { family, value };
  }
  return lone;
}

function* gaps(
  classes: AddressClasses,
  prefix: Prefix,
  start: number,
  end: number,
): Generator<{ from: bigint; last: bigint }> {
  let from = firstAddress(prefix).value;
  for (let child = start; child < end; child = classes.ends[child] as number) {
    const inner = classPrefix(classes, child);
    if (inner.value > from) yield { from, last: inner.value - 1n };
    from = lastAddress(inner).value + 1n;
  }
  const last = lastAddress(prefix).value;
  if (from <= last) yield { from, last };
}

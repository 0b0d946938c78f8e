import { type Family, familyBits } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { carriedTo, type ListChange } from "../../state/familyChange.js";
import type { AddressKey } from "../addressKey.js";
import type { CompiledRule } from "../compileFib.js";
import type { ComparedFlow } from "../selector.js";

/**
 * Rules by what they ask for most narrowly: a long prefix, a device or a fwmark. So the few that may match one flow are found without
 * asking all of them, and without the time that the bit vectors of `ruleFilter` take to build.
 */
export interface RuleIndex {
  readonly family: Family;
  readonly from: PrefixBuckets;
  readonly to: PrefixBuckets;
  readonly devices: ReadonlyMap<string, readonly number[]>;
  /** By mask, then by value under the mask. */
  readonly fwmarks: ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;
  /** Rules that may match nearly anything. */
  readonly others: readonly number[];
  /** Where the rules that were indexed stand by now, -1 for one that is gone; undefined while they stand where they stood. */
  readonly moved: Int32Array | undefined;
  /** The positions of rules that came since. They are few, and asked for each flow. */
  readonly come: readonly number[];
}

/** The bits of a prefix, or as many of an address: a number for IPv4, which costs a fraction of a big integer. */
type LeadingBits = number | bigint;

/** By prefix length, then by the bits of the prefix. */
type PrefixBuckets = ReadonlyMap<number, ReadonlyMap<LeadingBits, readonly number[]>>;

/** Indexes rules by their position in the list. Rules that can never match are left out. */
export function buildRuleIndex(rules: readonly CompiledRule[], family: Family): RuleIndex {
  const from = new Map<number, Map<LeadingBits, number[]>>();
  const to = new Map<number, Map<LeadingBits, number[]>>();
  const devices = new Map<string, number[]>();
  const fwmarks = new Map<number, Map<number, number[]>>();
  const others: number[] = [];
  for (const [at, compiled] of rules.entries()) {
    const { rule, selector } = compiled;
    if (selector.not) others.push(at);
    else if (selector.never) continue;
    else if (lengthOf(rule.to) > 0 && lengthOf(rule.to) >= lengthOf(rule.from)) addPrefix(to, rule.to, at);
    else if (lengthOf(rule.from) > 0) addPrefix(from, rule.from, at);
    else {
      const device = selector.conditions.find(({ field }) => field === "iif")?.condition;
      if (device?.field === "iif") for (const name of device.devices) append(devices, name, at);
      else if (rule.fwmark && rule.fwmark.mask !== 0) {
        const { value, mask } = rule.fwmark;
        const values = fwmarks.get(mask) ?? new Map<number, number[]>();
        fwmarks.set(mask, values);
        append(values, (value & mask) >>> 0, at);
      } else others.push(at);
    }
  }
  return { family, from, to, devices, fwmarks, others, moved: undefined, come: [] };
}

/** More rules than this are not asked one by one. */
const comeLimit = 64;

/** The index of a list of rules that came from the one that was indexed by some changes; undefined where they are too many. */
export function patchRuleIndex(
  index: RuleIndex,
  rules: readonly CompiledRule[],
  change: ListChange,
): RuleIndex | undefined {
  const { start, end, oldEnd } = change;
  if (start === end && start === oldEnd) return index;
  const come = index.come.map((at) => carriedTo(change, at)).filter((at) => at >= 0);
  for (let at = start; at < end; at++) come.push(at);
  if (come.length > comeLimit) return undefined;
  const stood = index.moved ?? Int32Array.from({ length: rules.length - end + oldEnd }, (_, at) => at);
  return { ...index, moved: stood.map((at) => (at < 0 ? at : carriedTo(change, at))), come };
}

function lengthOf(prefix: Prefix | undefined): number {
  return prefix?.length ?? 0;
}

function addPrefix(buckets: Map<number, Map<LeadingBits, number[]>>, prefix: Prefix | undefined, at: number): void {
  if (!prefix) return;
  const { length } = prefix;
  const ofLength = buckets.get(length) ?? new Map<LeadingBits, number[]>();
  buckets.set(length, ofLength);
  const { family, value } = prefix;
  append(ofLength, family === 4 ? Number(value) >>> (32 - length) : value >> BigInt(familyBits(family) - length), at);
}

function append<K>(map: Map<K, number[]>, key: K, at: number): void {
  const list = map.get(key);
  if (list) list.push(at);
  else map.set(key, [at]);
}

/** The positions of all rules that may match a flow of which every field is known, ascending. */
export function candidateRules(index: RuleIndex, { flow, dst, src }: ComparedFlow): readonly number[] {
  const found: number[] = [];
  const { moved, others, devices, fwmarks } = index;
  collect(found, others, moved);
  collectPrefixes(found, index, index.to, dst, flow.dst.value);
  // A packet without a source is compared as one from 0.0.0.0; in IPv6 it matches no prefix, which the full comparison finds out.
  collectPrefixes(found, index, index.from, src, flow.src?.value ?? 0n);
  if (flow.iif !== undefined) collect(found, devices.get(flow.iif), moved);
  for (const [mask, values] of fwmarks) collect(found, values.get(((flow.fwmark ?? 0) & mask) >>> 0), moved);
  for (const at of index.come) found.push(at);
  return ascending(found);
}

/** Sorts in place. Most lists hold a handful, for which calling `sort` costs more than sorting. */
function ascending(list: number[]): number[] {
  if (list.length > 16) return list.sort((a, b) => a - b);
  for (let next = 1; next < list.length; next++) {
    const item = list[next] as number;
    let at = next;
    for (; at > 0 && (list[at - 1] as number) > item; at--) list[at] = list[at - 1] as number;
    list[at] = item;
  }
  return list;
}

function collect(found: number[], list: readonly number[] | undefined, moved: Int32Array | undefined): void {
  if (!list) return;
  for (const stood of list) {
    const at = moved ? (moved[stood] as number) : stood;
    if (at >= 0) found.push(at);
  }
}

function collectPrefixes(
  found: number[],
  { family, moved }: RuleIndex,
  buckets: PrefixBuckets,
  { w0 }: AddressKey,
  value: bigint,
): void {
  for (const [length, rules] of buckets) {
    const bits = family === 4 ? (w0 ^ bias) >>> (32 - length) : value >> BigInt(familyBits(family) - length);
    collect(found, rules.get(bits), moved);
  }
}

/** The bias of a key's first word is no bit of the address. */
const bias = 0x80000000;

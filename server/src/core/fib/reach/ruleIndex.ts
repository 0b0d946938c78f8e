import { type Address, type Family, familyBits } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import type { CompiledRule } from "../compileFib.js";
import type { Flow } from "../flow.js";

/**
 * Rules by what they ask for most narrowly: a long prefix, a device or a fwmark. So the few that may match one flow are found without
 * asking all of them, and without the time that the bit vectors of `ruleFilter` take to build: a list of rules that was edited is
 * indexed anew at every key stroke.
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
}

/** The bits of a prefix, or as many of an address: a number for IPv4, which costs a fraction of a big integer. */
type LeadingBits = number | bigint;

/** By prefix length, then by the bits of the prefix. */
type PrefixBuckets = ReadonlyMap<number, ReadonlyMap<LeadingBits, readonly number[]>>;

/**
 * Indexes rules by their position in the list. Rules that can never match are left out.
 *
 * @param isWanted leaves out all other rules.
 */
export function buildRuleIndex(
  rules: readonly CompiledRule[],
  family: Family,
  isWanted: (rule: CompiledRule) => boolean = () => true,
): RuleIndex {
  const from = new Map<number, Map<LeadingBits, number[]>>();
  const to = new Map<number, Map<LeadingBits, number[]>>();
  const devices = new Map<string, number[]>();
  const fwmarks = new Map<number, Map<number, number[]>>();
  const others: number[] = [];
  for (const [at, compiled] of rules.entries()) {
    if (!isWanted(compiled)) continue;
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
  return { family, from, to, devices, fwmarks, others };
}

function lengthOf(prefix: Prefix | undefined): number {
  return prefix?.length ?? 0;
}

function addPrefix(buckets: Map<number, Map<LeadingBits, number[]>>, prefix: Prefix | undefined, at: number): void {
  if (!prefix) return;
  const { length } = prefix;
  const ofLength = buckets.get(length) ?? new Map<LeadingBits, number[]>();
  buckets.set(length, ofLength);
  append(ofLength, leadingBits(prefix, length), at);
}

function append<K>(map: Map<K, number[]>, key: K, at: number): void {
  const list = map.get(key);
  if (list) list.push(at);
  else map.set(key, [at]);
}

function leadingBits({ family, value }: Address, length: number): LeadingBits {
  return family === 4 ? Number(value) >>> (32 - length) : value >> BigInt(familyBits(family) - length);
}

/** The positions of all rules that may match a flow of which every field is known, ascending. */
export function candidateRules(index: RuleIndex, flow: Flow): readonly number[] {
  const found: number[] = [];
  collect(found, index.others);
  collectPrefixes(found, index.to, flow.dst);
  // A packet without a source is compared as one from 0.0.0.0; in IPv6 it matches no prefix, which the full comparison finds out.
  collectPrefixes(found, index.from, flow.src ?? { family: index.family, value: 0n });
  if (flow.iif !== undefined) collect(found, index.devices.get(flow.iif));
  for (const [mask, values] of index.fwmarks) collect(found, values.get(((flow.fwmark ?? 0) & mask) >>> 0));
  return found.sort((a, b) => a - b);
}

function collect(found: number[], list: readonly number[] | undefined): void {
  if (list) for (const at of list) found.push(at);
}

function collectPrefixes(found: number[], buckets: PrefixBuckets, address: Address): void {
  if (buckets.size === 0) return;
  for (const [length, rules] of buckets) collect(found, rules.get(leadingBits(address, length)));
}

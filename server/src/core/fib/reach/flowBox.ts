import type { Family } from "../../net/address.js";
import type { CompiledRule } from "../compileFib.js";
import { type Condition, type NumberField, numberFieldMasks } from "../openField.js";
import { intersectSets, subtractSet, type ValueSet } from "../valueSet.js";
import { type AddressRange, type AddressSet, allAddresses, prefixRange, subtractAddresses } from "./addressRanges.js";

/** Sources: addresses, and in IPv6 also the packet of which no source is chosen yet. */
export interface SourceSet {
  readonly addresses: AddressSet;
  readonly none: boolean;
}

/** The named devices or ids, or all but these. */
export interface NamedSet<T> {
  readonly names: ReadonlySet<T>;
  readonly inside: boolean;
}

/** A set of flows: all whose fields are in the given sets. A field that is absent may be anything. */
export interface FlowBox {
  readonly dst?: AddressSet;
  readonly src?: SourceSet;
  readonly iif?: NamedSet<string>;
  readonly tunId?: NamedSet<bigint>;
  readonly numbers: Partial<Readonly<Record<NumberField, ValueSet>>>;
}

/** The fields that hold numbers. */
export const numberFields = Object.keys(numberFieldMasks) as readonly NumberField[];

/** Every number that a field can hold. */
export function allNumbers(field: NumberField): ValueSet {
  return [{ value: 0, mask: ~numberFieldMasks[field] >>> 0 }];
}

/**
 * The flows a rule matches, as boxes: one, or for `not` one for each selector that may fail. They may overlap. Empty for a rule that
 * matches nothing.
 *
 * @param oif the device that the flows in question are bound to.
 */
export function boxesOf({ rule, selector }: CompiledRule, oif: string | null): readonly FlowBox[] {
  const { family } = rule;
  const fails = selector.never !== undefined || (selector.oif && (oif === null || !selector.oif.has(oif)));
  if (fails) return selector.not ? [{ numbers: {} }] : [];
  const parts: FlowBox[] = [];
  const { not } = selector;
  if (rule.to && rule.to.length > 0) parts.push({ dst: addressesOf(prefixRange(rule.to), family, not), numbers: {} });
  if (rule.from && rule.from.length > 0) {
    const addresses = addressesOf(prefixRange(rule.from), family, not);
    // IPv4 compares a missing source as 0.0.0.0, so it needs no case of its own there.
    parts.push({ src: { addresses, none: not && family === 6 }, numbers: {} });
  }
  for (const { condition } of selector.conditions) parts.push(boxOf(condition, !not));
  return not ? parts : [parts.reduce(joinBoxes, { numbers: {} })];
}

function addressesOf(range: AddressRange, family: Family, others: boolean): AddressSet {
  return others ? subtractAddresses(allAddresses(family), [range]) : [range];
}

function boxOf(condition: Condition, holds: boolean): FlowBox {
  switch (condition.field) {
    case "iif":
      return { iif: { names: condition.devices, inside: holds }, numbers: {} };
    case "tunId":
      return { tunId: { names: new Set([condition.id]), inside: holds }, numbers: {} };
    default: {
      const set = holds ? condition.set : subtractSet(allNumbers(condition.field), condition.set);
      return { numbers: { [condition.field]: set } };
    }
  }
}

/** Both of one rule's conditions. Only a number can be asked about twice: `tos` and `dscp` are the same octet. */
function joinBoxes(a: FlowBox, b: FlowBox): FlowBox {
  const numbers = { ...a.numbers };
  for (const field of numberFields) {
    const set = b.numbers[field];
    if (set) numbers[field] = intersectSets(numbers[field] ?? allNumbers(field), set);
  }
  return { ...a, ...b, numbers };
}

/** The destinations that are looked up like any other. IPv6 treats loopback, link-local and multicast ones apart. */
export const ordinaryDestinations: Readonly<Record<Family, AddressSet>> = { 4: allAddresses(4), 6: ordinary6() };

function ordinary6(): AddressSet {
  const last = (1n << 128n) - 1n;
  const linkLocal = { first: 0xfe80n << 112n, last: (0xfec0n << 112n) - 1n };
  const multicast = { first: 0xffn << 120n, last };
  return subtractAddresses([{ first: 2n, last }], [linkLocal, multicast]);
}

import type { NumberRange, Rule, RuleField } from "../iproute/rule.js";
import type { MaskedValue } from "../net/maskedValue.js";
import type { Prefix } from "../net/prefix.js";
import { type AddressKey, addressKey, keysAgree } from "./addressKey.js";
import type { Flow } from "./flow.js";
import { type Condition, type NumberField, numberFieldMasks, type Premises, testCondition } from "./openField.js";
import { rangeSet, type ValueSet } from "./valueSet.js";
import type { VrfMembership } from "./vrf.js";

/** The field of a rule that a flow failed, or `l3mdev`. */
export type SelectorField = RuleField | "l3mdev";

interface AddressTest {
  readonly key: AddressKey;
  readonly length: number;
}

/** A rule's selector, made ready for comparing. */
export interface Selector {
  readonly not: boolean;
  readonly from?: AddressTest;
  readonly to?: AddressTest;
  /** The devices that `oif` may be: the named one, and for a VRF its members. */
  readonly oif?: ReadonlySet<string>;
  /** For `lookup [l3mdev-table]`: whether an open incoming device is in a VRF. */
  readonly l3mdev?: Condition;
  /** A field that no flow fulfils: a detached device. */
  readonly never?: SelectorField;
  /** Comparisons with fields that a flow may leave open, in the order of the rule's text. */
  readonly conditions: readonly { readonly field: SelectorField; readonly condition: Condition }[];
}

/** Whether a selector matches: yes, no (and which field said so), or not decided before `condition` is. */
export type SelectorMatch =
  | { readonly type: "matched" }
  | { readonly type: "not-matched"; readonly field: SelectorField }
  | { readonly type: "open"; readonly field: SelectorField; readonly condition: Condition };

/** A flow under comparison. Where no source is chosen, `src` is that of 0.0.0.0 or `::`. */
export interface ComparedFlow {
  readonly flow: Flow;
  readonly dst: AddressKey;
  readonly src: AddressKey;
  readonly premises: Premises;
  /** The VRF the flow belongs to, by its `oif` or `iif`. */
  readonly vrf: string | undefined;
}

/** Prepares a rule's selector for comparing. */
export function compileSelector(rule: Rule, vrfs: VrfMembership): Selector {
  const { from, to, oif } = rule;
  const never = rule.iif?.detached ? "iif" : oif?.detached ? "oif" : undefined;
  return {
    not: rule.not,
    ...(from && from.length > 0 ? { from: addressTest(from) } : {}),
    ...(to && to.length > 0 ? { to: addressTest(to) } : {}),
    ...(oif ? { oif: vrfs.group(oif.name) } : {}),
    ...(never ? { never } : {}),
    ...(rule.l3mdev ? { l3mdev: { field: "iif", devices: vrfs.members, words: "iif is in a VRF" } as const } : {}),
    conditions: conditionsOf(rule, vrfs),
  };
}

/**
 * Compares a flow with a selector: all fields must agree, then `not` inverts the whole (net/core/fib_rules.c: fib_rule_match;
 * net/ipv4/fib_rules.c: fib4_rule_match; net/ipv6/fib6_rules.c: fib6_rule_match). What the flow tells is compared first: an
 * open field matters only where all that is known agrees.
 */
export function matchSelector(selector: Selector, compared: ComparedFlow): SelectorMatch {
  const inner = matchFields(selector, compared);
  if (!selector.not || inner.type === "open") return inner;
  return inner.type === "matched" ? { type: "not-matched", field: "not" } : matched;
}

const matched: SelectorMatch = { type: "matched" };

function matchFields(selector: Selector, compared: ComparedFlow): SelectorMatch {
  const { flow, src, premises } = compared;
  const { from, to, oif } = selector;
  if (selector.never) return { type: "not-matched", field: selector.never };
  if (from && !sourceAgrees(from, flow, src)) return { type: "not-matched", field: "from" };
  if (to && !keysAgree(to.key, compared.dst, to.length)) return { type: "not-matched", field: "to" };
  if (oif && (flow.oif === null || !oif.has(flow.oif))) return { type: "not-matched", field: "oif" };
  let open: SelectorMatch | undefined;
  for (const { field, condition } of selector.conditions) {
    const holds = testCondition(condition, flow, premises);
    if (holds === false) return { type: "not-matched", field };
    if (holds === undefined) open ??= { type: "open", field, condition };
  }
  if (selector.l3mdev && compared.vrf === undefined) {
    const mayBeInVrf = flow.oif === null && flow.iif === undefined;
    const holds = mayBeInVrf && testCondition(selector.l3mdev, flow, premises);
    if (holds === false) return { type: "not-matched", field: "l3mdev" };
    if (holds === undefined) open ??= { type: "open", field: "l3mdev", condition: selector.l3mdev };
  }
  return open ?? matched;
}

/** A local packet without a source: IPv4 compares 0.0.0.0 as an address, IPv6 matches no `from` at all. */
function sourceAgrees(from: AddressTest, flow: Flow, src: AddressKey): boolean {
  if (flow.src === null && flow.family === 6) return false;
  return keysAgree(from.key, src, from.length);
}

function addressTest(prefix: Prefix): AddressTest {
  return { key: addressKey(prefix), length: prefix.length };
}

function conditionsOf(rule: Rule, vrfs: VrfMembership): Selector["conditions"] {
  const list: { field: SelectorField; condition: Condition }[] = [];
  const add = (field: SelectorField, condition: Condition) => list.push({ field, condition });
  // IPv4 keeps to the old TOS bits in `tos` (INET_DSCP_LEGACY_TOS_MASK); `dscp`, and IPv6, compare all six DSCP bits.
  if (rule.tos) add("tos", masked("tos", { value: rule.tos, mask: rule.family === 4 ? 0x1c : 0xfc }));
  if (rule.fwmark && rule.fwmark.mask !== 0) add("fwmark", masked("fwmark", rule.fwmark));
  if (rule.iif) {
    add("iif", { field: "iif", devices: vrfs.group(rule.iif.name), words: `iif = ${rule.iif.name}` });
  }
  if (rule.uidrange) add("uidrange", range("uid", rule.uidrange));
  if (rule.ipproto !== undefined) add("ipproto", masked("ipproto", { value: rule.ipproto, mask: 0xffff }));
  if (rule.sport) add("sport", port("sport", rule.sport));
  if (rule.dport) add("dport", port("dport", rule.dport));
  if (rule.tunId !== undefined) {
    add("tunId", { field: "tunId", id: rule.tunId, words: `tun_id = ${rule.tunId}` });
  }
  if (rule.dscp) {
    const { value, mask } = rule.dscp;
    const condition = masked("tos", { value: (value << 2) & 0xff, mask: (mask << 2) & 0xfc });
    add("dscp", { ...condition, words: `dscp${mask === 0x3f ? "" : ` & ${hex(mask)}`} = ${hex(value)}` });
  }
  if (rule.flowlabel) add("flowlabel", masked("flowlabel", rule.flowlabel));
  return list;
}

function port(field: "sport" | "dport", selector: NumberRange | MaskedValue): Condition {
  return "mask" in selector ? masked(field, selector) : range(field, selector);
}

function masked(field: NumberField, { value, mask }: MaskedValue): Condition & { readonly set: ValueSet } {
  const whole = numberFieldMasks[field];
  const known = (mask & whole) >>> 0;
  const shown =
    field === "ipproto" || field === "sport" || field === "dport" ? `${(value & known) >>> 0}` : hex(value & known);
  const left = known === whole ? field : `${field} & ${hex(known)}`;
  return { field, set: [{ value: (value & known) >>> 0, mask: known }], words: `${left} = ${shown}` };
}

function range(field: NumberField, { start, end }: NumberRange): Condition {
  const words = start === end ? `${field} = ${start}` : `${field} in ${start}-${end}`;
  return { field, set: rangeSet(start, end), words };
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

import { perRule } from "../../iproute/perRule.js";
import type { Rule } from "../../iproute/rule.js";
import { firstAddress, type Prefix } from "../../net/prefix.js";
import { groupBy } from "../groupBy.js";

interface SelectorKeys {
  /** All that is compared. */
  readonly whole: string;
  /** All but the source. */
  readonly withoutFrom: string;
  /** All but the addresses; empty where nothing else is compared. */
  readonly withoutAddresses: string;
}

/** Texts that two rules share if they compare the same fields, or all but some, with the same values. */
export const selectorKeys: (rule: Rule) => SelectorKeys = perRule((rule) => {
  const withoutAddresses = otherKey(rule);
  const withoutFrom = `${prefixKey(rule.to)} ${withoutAddresses}`;
  return { whole: `${prefixKey(rule.from)} ${withoutFrom}`, withoutFrom, withoutAddresses };
});

/** A text that two rules share if they compare the same fields with the same values. */
export function selectorKey(rule: Rule): string {
  return selectorKeys(rule).whole;
}

/** Host bits of a prefix are not compared, and a prefix of no length compares nothing. */
export function prefixKey(prefix: Prefix | undefined): string {
  return prefix && prefix.length > 0 ? `${firstAddress(prefix).value}/${prefix.length}` : "";
}

/** Written out, for most of thousands of rules compare nothing but addresses. */
function otherKey(rule: Rule): string {
  const { not, tos, dscp, flowlabel, fwmark, iif, oif, l3mdev, uidrange, ipproto, sport, dport, tunId } = rule;
  let key = not ? "not" : "";
  if (tos) key += ` tos ${tos}`;
  if (dscp) key += ` dscp ${words(dscp)}`;
  if (flowlabel) key += ` flowlabel ${words(flowlabel)}`;
  if (fwmark) key += ` fwmark ${words(fwmark)}`;
  if (iif) key += ` iif ${words(iif)}`;
  if (oif) key += ` oif ${words(oif)}`;
  if (l3mdev) key += " l3mdev";
  if (uidrange) key += ` uidrange ${words(uidrange)}`;
  if (ipproto !== undefined) key += ` ipproto ${ipproto}`;
  if (sport) key += ` sport ${words(sport)}`;
  if (dport) key += ` dport ${words(dport)}`;
  if (tunId !== undefined) key += ` tun_id ${tunId}`;
  return key;
}

function words(selector: object): string {
  return Object.entries(selector).sort().join();
}

const alike = new WeakMap<readonly Rule[], readonly (readonly Rule[])[]>();

/** The rules that compare the same, in the order of the list; groups of one are left out. Found once for a list. */
export function rulesBySelector(rules: readonly Rule[]): readonly (readonly Rule[])[] {
  const known = alike.get(rules);
  if (known) return known;
  const groups = [...groupBy(rules, selectorKey).values()].filter(({ length }) => length > 1);
  alike.set(rules, groups);
  return groups;
}

import { perRule } from "../../iproute/perRule.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { firstAddress, type Prefix } from "../../net/prefix.js";
import { familyChange } from "../../state/familyChange.js";
import type { NodeState } from "../../state/nodeState.js";
import { groupBy } from "../groupBy.js";
import { ofEachRule } from "../ofEachItem.js";

/** A text that two rules share if they compare the same fields but for the source with the same values. */
export const keyWithoutFrom: (rule: Rule) => string = perRule((rule) => `${prefixKey(rule.to)} ${othersKey(rule)}`);

/** A text that two rules share if they compare the same fields with the same values. */
export function selectorKey(rule: Rule): string {
  return `${prefixKey(rule.from)} ${prefixKey(rule.to)} ${othersKey(rule)}`;
}

/** Whether two rules compare the same fields with the same values. */
export function haveSameSelector(a: Rule, b: Rule): boolean {
  // Most pairs differ here already.
  const sameLengths = (a.from?.length ?? 0) === (b.from?.length ?? 0) && (a.to?.length ?? 0) === (b.to?.length ?? 0);
  return sameLengths && selectorKey(a) === selectorKey(b);
}

/** Host bits of a prefix are not compared, and a prefix of no length compares nothing. */
export function prefixKey(prefix: Prefix | undefined): string {
  if (!prefix || prefix.length === 0) return "";
  const { family, value, length } = prefix;
  // By far the most prefixes are IPv4 ones, and numbers are printed much faster than big ones.
  const network =
    family === 4 ? ((Number(value) >>> (32 - length)) << (32 - length)) >>> 0 : firstAddress(prefix).value;
  return `${network}/${length}`;
}

/**
 * A text that two rules share if they compare the same but addresses; empty where nothing else is compared. Written out, for most of
 * thousands of rules compare nothing but addresses.
 */
export function othersKey(rule: Rule): string {
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

const keysOf = ofEachRule(selectorKey);

const alike = new WeakMap<readonly Rule[], readonly (readonly Rule[])[]>();

/** The rules of a state that compare the same, in the order of the list; groups of one are left out. Found once for a list. */
export function rulesBySelector(state: NodeState, family: Family): readonly (readonly Rule[])[] {
  const { rules = [] } = state.families[family];
  const known = alike.get(rules);
  if (known) return known;
  const keys = keysOf(state, family);
  const repeated = repeatedKeys(state, family);
  const some = repeated.size === 0 ? [] : rules.filter((_, at) => repeated.has(keys[at] ?? ""));
  const groups = [...groupBy(some, selectorKey).values()];
  alike.set(rules, groups);
  return groups;
}

const repetitions = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The keys that several rules have. After an edit only those of rules that came or went are counted anew. */
function repeatedKeys(state: NodeState, family: Family): ReadonlySet<string> {
  const keys = keysOf(state, family);
  const change = familyChange(state, family);
  const oldKeys = change && keysOf(change.before, family);
  const before = oldKeys && repetitions.get(oldKeys);
  const repeated = before
    ? recounted(
        before,
        keys,
        new Set([
          ...keys.slice(change.rules.start, change.rules.end),
          ...oldKeys.slice(change.rules.start, change.rules.oldEnd),
        ]),
      )
    : repeatedItems(keys);
  repetitions.set(keys, repeated);
  return repeated;
}

function recounted(before: ReadonlySet<string>, keys: readonly string[], touched: ReadonlySet<string>): Set<string> {
  const others = [...before].filter((key) => !touched.has(key));
  return new Set([...others, ...repeatedItems(keys.filter((key) => touched.has(key)))]);
}

function repeatedItems(texts: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const text of texts) {
    const { size } = seen;
    if (seen.add(text).size === size) repeated.add(text);
  }
  return repeated;
}

import { printRule } from "../iproute/printRule.js";
import type { Rule } from "../iproute/rule.js";
import { networkOf, type Prefix } from "../net/prefix.js";
import { groupBy } from "./groupBy.js";

const keys = new WeakMap<Rule, string>();

/** A text that two rules share if they compare the same fields with the same values. */
export function selectorKey(rule: Rule): string {
  const known = keys.get(rule);
  if (known !== undefined) return known;
  const { realms, protocol, suppressIfGroup, suppressPrefixLength, from, to, ...selectors } = rule;
  const key = printRule({
    ...selectors,
    ...comparedBits("from", from),
    ...comparedBits("to", to),
    priority: 0,
    action: { type: "nop" },
  });
  keys.set(rule, key);
  return key;
}

/** Host bits of a prefix are not compared, and a prefix of no length compares nothing. */
function comparedBits(field: "from" | "to", prefix: Prefix | undefined): Pick<Rule, "from" | "to"> {
  return prefix && prefix.length > 0 ? { [field]: networkOf(prefix) } : {};
}

/** The rules that compare the same, in the order of the list; groups of one are left out. */
export function rulesBySelector(rules: readonly Rule[]): Rule[][] {
  const groups = groupBy(rules, selectorKey);
  return [...groups.values()].filter(({ length }) => length > 1);
}

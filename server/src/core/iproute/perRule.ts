import { isMovedRule } from "./movedRule.js";
import type { Rule, RuleAction } from "./rule.js";

/**
 * Remembers what depends on nothing but a rule, also for the same rule at another place of a text that was edited.
 *
 * @param find finds it out; it must not depend on the places of the rule.
 */
export function perRule<T>(find: (rule: Rule) => T): (rule: Rule) => T {
  // A rule that only moved is another object, with the same action.
  const known = new WeakMap<RuleAction, { readonly rule: Rule; readonly value: T }>();
  return (rule) => {
    const before = known.get(rule.action);
    if (before && isMovedRule(before.rule, rule)) return before.value;
    const value = find(rule);
    known.set(rule.action, { rule, value });
    return value;
  };
}

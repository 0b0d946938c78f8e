import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";

/**
 * Priorities for `count` new rules that must be looked up directly before `rule`, ascending: the free ones just below it. Where there
 * is no room, that of the rule before it, behind which a new rule of equal priority stands (net/core/fib_rules.c: fib_nl_newrule).
 * `undefined` where not even that is possible, because nothing lies between.
 */
export function prioritiesBefore(state: NodeState, rule: Rule, count: number): number[] | undefined {
  const rules = state.families[rule.family].rules ?? [];
  const previous = rules[rules.indexOf(rule) - 1]?.priority ?? -1;
  const room = rule.priority - previous - 1;
  if (room >= count) return Array.from({ length: count }, (_, index) => rule.priority - count + index);
  return previous >= 0 && previous < rule.priority ? Array.from({ length: count }, () => previous) : undefined;
}

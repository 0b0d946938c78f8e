import type { Rule } from "../iproute/rule.js";
import type { FamilyState, NodeState } from "./nodeState.js";

function withRules(state: NodeState, family: Rule["family"], rules: readonly Rule[]): NodeState {
  const changed: FamilyState = { ...state.families[family], rules, customRulesEver: true };
  return { ...state, families: { ...state.families, [family]: changed } };
}

/** The state after `ip rule add`: the new rule stands behind those of its own priority (net/core/fib_rules.c: fib_nl_newrule). */
export function addRule(state: NodeState, rule: Rule): NodeState {
  const rules = state.families[rule.family].rules ?? [];
  const at = rules.findIndex(({ priority }) => priority > rule.priority);
  return withRules(state, rule.family, at < 0 ? [...rules, rule] : rules.toSpliced(at, 0, rule));
}

/** The state without this very rule (the object in `state`). */
export function removeRule(state: NodeState, rule: Rule): NodeState {
  const rules = state.families[rule.family].rules ?? [];
  return withRules(
    state,
    rule.family,
    rules.filter((other) => other !== rule),
  );
}

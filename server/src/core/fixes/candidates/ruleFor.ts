import type { Rule, TableRef } from "../../iproute/rule.js";
import type { Prefix } from "../../net/prefix.js";

/** The place of what stands in no file. */
export const nowhere = { file: "", start: 0, end: 0 };

/**
 * A rule for the packets that `model` takes, narrowed and pointed elsewhere, which stands nowhere yet. `not` turns all selectors of a rule
 * round together (fib_rule_match() of net/core/fib_rules.c): with a destination more among them it would ask for nearly every packet. So
 * the destination of a narrowed `not` rule has to do alone.
 */
export function ruleLike(
  model: Rule,
  priority: number,
  table: TableRef,
  more: { readonly to?: Prefix; readonly suppressPrefixLength?: number } = {},
): Rule {
  if (model.not && more.to) return { ...ruleForAll(model.family, priority, table), ...more };
  const { rest, protocol, realms, suppressPrefixLength, suppressIfGroup, ...selectors } = model;
  return {
    ...selectors,
    ...more,
    priority,
    action: { type: "lookup", table },
    place: nowhere,
    incomplete: false,
  };
}

/** The same rule at another priority, which stands nowhere yet. */
export function ruleAt(rule: Rule, priority: number): Rule {
  const { rest, ...kept } = rule;
  return { ...kept, priority, place: nowhere };
}

/** A rule for all packets of a family. */
export function ruleForAll(family: Rule["family"], priority: number, table: TableRef): Rule {
  return {
    family,
    not: false,
    priority,
    action: { type: "lookup", table },
    place: nowhere,
    incomplete: false,
  };
}

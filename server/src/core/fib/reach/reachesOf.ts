import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { fibOf } from "../fibOf.js";
import { carriedReaches } from "./carriedReaches.js";
import { ruleIndexOf } from "./ruleIndexOf.js";
import { type RuleReach, reachContext, ruleReach } from "./ruleReach.js";

const byState = new WeakMap<NodeState, Partial<Record<Family, ReadonlyMap<Rule, RuleReach>>>>();

/**
 * The reach of each rule of a state, in the order of the list. Found out once for each state; and where a state differs from an earlier
 * one by a few lines only, as after an edit, what these can't have changed is taken over.
 */
export function reachesOf(state: NodeState, family: Family): ReadonlyMap<Rule, RuleReach> {
  const known = byState.get(state);
  const found = known?.[family] ?? findReaches(state, family);
  byState.set(state, { ...known, [family]: found });
  return found;
}

function findReaches(state: NodeState, family: Family): ReadonlyMap<Rule, RuleReach> {
  const fib = fibOf(state, family);
  // While only the default rules are there, none of them is asked.
  if (!fib.rules || fib.merged) return new Map();
  const context = reachContext(fib, ruleIndexOf(state, family));
  const carried = carriedReaches(context, (before) => byState.get(before)?.[family]);
  return new Map(fib.rules.map(({ rule }, at) => [rule, carried?.(at) ?? ruleReach(context, at)]));
}

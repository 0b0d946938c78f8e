import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { fibOf } from "../fibOf.js";
import { buildRuleIndex, type RuleIndex } from "./ruleIndex.js";

const indices = new WeakMap<NodeState, Partial<Record<Family, RuleIndex>>>();

/** The index of a state's rules, built once. */
export function ruleIndexOf(state: NodeState, family: Family): RuleIndex {
  const known = indices.get(state) ?? {};
  const index = known[family] ?? buildRuleIndex(fibOf(state, family).rules ?? [], family);
  indices.set(state, { ...known, [family]: index });
  return index;
}

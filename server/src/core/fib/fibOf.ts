import type { Family } from "../net/address.js";
import { carriedFrom, familyChange } from "../state/familyChange.js";
import type { NodeState } from "../state/nodeState.js";
import { type CompileOptions, compileFib, type Fib } from "./compileFib.js";

const compiled = new WeakMap<NodeState, Partial<Record<Family, Fib>>>();

/** The compiled look-ups of a state. States are values that never change, so each is compiled once and forgotten with the state. */
export function fibOf(state: NodeState, family: Family): Fib {
  const known = compiled.get(state) ?? {};
  const fib = known[family] ?? compileFib(state, family, knownSelectors(state, family));
  compiled.set(state, { ...known, [family]: fib });
  return fib;
}

/** What was compiled of the rules that stood in the earlier state already. */
function knownSelectors(state: NodeState, family: Family): CompileOptions {
  const change = familyChange(state, family);
  const rules = change && compiled.get(change.before)?.[family]?.rules;
  return rules ? { selectorAt: (at) => rules[carriedFrom(change.rules, at)]?.selector } : {};
}

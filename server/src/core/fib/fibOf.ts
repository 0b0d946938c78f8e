import type { Family } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { compileFib, type Fib } from "./compileFib.js";

const compiled = new WeakMap<NodeState, Partial<Record<Family, Fib>>>();

/** The compiled look-ups of a state. States are values that never change, so each is compiled once and forgotten with the state. */
export function fibOf(state: NodeState, family: Family): Fib {
  const known = compiled.get(state) ?? {};
  const fib = known[family] ?? compileFib(state, family);
  compiled.set(state, { ...known, [family]: fib });
  return fib;
}

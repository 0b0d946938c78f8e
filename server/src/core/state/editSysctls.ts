import type { NodeState } from "./nodeState.js";

/** The state after `sysctl -w KEY=VALUE`; the key dotted, as `NodeState` has it. */
export function setSysctl(state: NodeState, key: string, value: string): NodeState {
  const place = { file: "", start: 0, end: 0 };
  return { ...state, sysctls: new Map(state.sysctls).set(key, { key, value, place }) };
}

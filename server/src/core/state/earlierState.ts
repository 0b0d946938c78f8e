import type { NodeState } from "./nodeState.js";

const earlier = new WeakMap<NodeState, NodeState>();

/**
 * Notes of which state another one is the successor, as after a line of a dump was edited: what was found out about the earlier one may
 * hold for the later one, too. Never what is found out depends on it, only how fast. The earlier one's own predecessor is forgotten, so
 * that no more than two states are ever kept.
 */
export function noteEarlier(state: NodeState, before: NodeState): void {
  if (state === before) return;
  earlier.set(state, before);
  earlier.delete(before);
}

/** The state that a state succeeds, where that was noted. */
export function earlierState(state: NodeState): NodeState | undefined {
  return earlier.get(state);
}

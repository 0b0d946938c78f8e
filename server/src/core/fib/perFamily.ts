import type { Family } from "../net/address.js";
import { type FamilyChange, familyChange } from "../state/familyChange.js";
import type { NodeState } from "../state/nodeState.js";

/**
 * Remembers what is found out about one family of a state. Where the state succeeds an earlier one of which it was found out, by a change of
 * a few rules and routes, it is made out of that.
 *
 * @param find finds it out anew
 * @param carry makes it out of the earlier state's: just what `find` would answer, or undefined where it can't
 */
export function perFamily<T extends object>(
  find: (state: NodeState, family: Family) => T,
  carry: (before: T, change: FamilyChange, state: NodeState, family: Family) => T | undefined,
): (state: NodeState, family: Family) => T {
  const known = new WeakMap<NodeState, Partial<Record<Family, T>>>();
  return (state, family) => {
    const ofState = known.get(state) ?? {};
    known.set(state, ofState);
    const found = ofState[family];
    if (found) return found;
    const change = familyChange(state, family);
    const before = change && known.get(change.before)?.[family];
    const made = (before && carry(before, change, state, family)) ?? find(state, family);
    ofState[family] = made;
    return made;
  };
}

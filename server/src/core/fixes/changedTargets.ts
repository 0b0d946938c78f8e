import { changedRegions } from "../fib/comparison/changedRegions.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import type { Family } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { Candidate, Target } from "./candidate.js";
import { applyChange } from "./change.js";

/**
 * Targets of a candidate that is to change answers wherever it does: an example of each region whose new answer is one of those wanted.
 * None where nothing changes so.
 */
export function changedTargets(
  state: NodeState,
  family: Family,
  { changes }: Candidate,
  isWanted: (after: Decision) => boolean,
): Target[] {
  const { regions } = changedRegions(state, changes.reduce(applyChange, state), family);
  return regions
    .filter(({ after }) => isWanted(after))
    .map(({ flow, after: wanted }) => ({
      flow,
      ask: (asked) => decide(fibOf(asked, family), flow),
      isRepaired: (after) => sameOutcome(after, wanted),
    }));
}

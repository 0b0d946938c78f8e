import { changedRegions } from "../fib/comparison/changedRegions.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import { podDevice } from "../fib/podDevice.js";
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
  const changed = changes.reduce(applyChange, state);
  const { regions } = changedRegions(state, changed, family);
  return regions
    .filter(({ after }) => isWanted(after))
    .map(({ flow: example, after: wanted }) => {
      const fromPod = byPodDevice(state, example);
      const flow = sameOutcome(decide(fibOf(changed, family), fromPod), wanted) ? fromPod : example;
      return {
        flow,
        ask: (asked) => decide(fibOf(asked, family), flow),
        isRepaired: (after) => sameOutcome(after, wanted),
      };
    });
}

/** What a local pod sends comes in by its own device, whatever device is as good for the rules. */
function byPodDevice(state: NodeState, flow: Flow): Flow {
  const device = flow.src && flow.iif !== "lo" ? podDevice(state, flow.src) : undefined;
  return device === undefined ? flow : { ...flow, iif: device };
}

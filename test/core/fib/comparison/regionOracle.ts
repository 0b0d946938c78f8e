import { changedRegions } from "../../../../server/src/core/fib/comparison/changedRegions.js";
import { regionHolds } from "../../../../server/src/core/fib/comparison/regionHolds.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import { wordsForDecision } from "../../../../server/src/core/fib/decisionWords.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import type { Family } from "../../../../server/src/core/net/address.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";
import { packetKinds } from "../../../generate/packetKinds.js";
import { showFlow } from "../../../generate/walkEvery.js";

/** Where the regions that two states are said to treat differently are not just the kinds of packets that get another answer, a line each. */
export function compareRegions(before: NodeState, after: NodeState, family: Family): string[] {
  const { regions, complete } = changedRegions(before, after, family);
  const flows = [...packetKinds([before, after], family), ...regions.map(({ flow }) => flow)];
  const wrong = flows.flatMap((flow) => {
    const first = decide(fibOf(before, family), flow);
    const second = decide(fibOf(after, family), flow);
    const holding = regions.filter((region) => regionHolds(region, flow));
    if (holding.length === (sameOutcome(first, second) ? 0 : 1)) return [];
    return [
      `in ${holding.length} regions: ${showFlow(flow)}, ${wordsForDecision(first)}, then ${wordsForDecision(second)}`,
    ];
  });
  return complete ? wrong : ["not complete", ...wrong];
}

import type { CaseNode } from "../case/case.js";
import { decide } from "../fib/decide.js";
import { flowsMatching } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import type { Finding } from "../findings/finding.js";
import type { Rule } from "../iproute/rule.js";
import type { Address } from "../net/address.js";
import { firstAddress } from "../net/prefix.js";
import { anywhere } from "./anywhere.js";
import type { Candidate } from "./candidate.js";
import { ruleForAll } from "./candidates/ruleFor.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";

/** A flow to where a rule's packets go, from where they come. Devices are left out: a rule may ask for one that is gone. */
function exampleFlow(node: CaseNode, { family, from, to, not }: Rule) {
  const dst: Address | undefined = to && !not ? firstAddress(to) : anywhere[family];
  const plain = { ...ruleForAll(family, 0, {}), ...(from && !not ? { from } : {}) };
  return dst && flowsMatching(plain, dst, node.state)[0];
}

/**
 * Fixes that take away what no packet meets: they are offered only where not a single region of flows gets another answer.
 *
 * @param rule the rule that has no effect
 */
export function tidyRules(
  node: CaseNode,
  finding: Finding,
  rule: Rule,
  candidates: readonly (Candidate | undefined)[],
): Fix[] {
  const flow = exampleFlow(node, rule);
  if (!flow) return [];
  const before = decide(fibOf(node.state, rule.family), flow);
  const target = {
    flow,
    ask: (state: CaseNode["state"]) => decide(fibOf(state, rule.family), flow),
    // Two answers that nobody knows prove nothing.
    isRepaired: (after: typeof before) => after.type !== "missing" && sameOutcome(after, before),
  };
  const goal = { purpose: "tidy", targets: [target], natural: node.state, isWanted: () => false } as const;
  return simulateAll(node.state, finding, goal, candidates).filter(
    ({ proof }) => proof.whole && proof.sideEffects.length === 0,
  );
}

import type { Assumption, BranchDecision, Decision } from "../fib/decision.js";

/** The devices a decision sends by; empty for errors and missing evidence. */
export function egressDevices(decision: Decision): string[] {
  if (decision.type === "branch")
    return [...new Set([...egressDevices(decision.ifMet), ...egressDevices(decision.ifNot)])];
  if (decision.type !== "route") return [];
  return decision.nexthops
    .map((index) => decision.route.nexthops[index]?.dev)
    .filter((device): device is string => device !== undefined);
}

/** Whether the decision delivers to this host. */
export function deliversLocally(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

/** Adds a premise to a decision. */
function assuming(decision: Decision, assumption: Assumption): Decision {
  const known = decision.assumptions.some(({ text }) => text === assumption.text);
  return known ? decision : { ...decision, assumptions: [...decision.assumptions, assumption] };
}

/**
 * Removes the branches for which the capture holds an answer.
 *
 * @param answer whether a branch's condition held for this packet; `undefined` where the capture does not tell
 * @param premise what the answers rest on, given the branches that they decide
 */
export function settleDecision(
  decision: Decision,
  answer: (branch: BranchDecision) => boolean | undefined,
  premise: (settled: readonly BranchDecision[]) => Assumption,
  settled: readonly BranchDecision[] = [],
): Decision {
  if (decision.type !== "branch") return settled.length === 0 ? decision : assuming(decision, premise(settled));
  const { ifMet, ifNot } = decision;
  const holds = answer(decision);
  const settle = (branch: Decision, above = settled): Decision => settleDecision(branch, answer, premise, above);
  if (holds === undefined) return { ...decision, ifMet: settle(ifMet), ifNot: settle(ifNot) };
  return settle(holds ? ifMet : ifNot, [...settled, decision]);
}

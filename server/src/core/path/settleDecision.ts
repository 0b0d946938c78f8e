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
 * @param isExcluded answers why a branch's condition can't have been true for this packet (as a premise), or `undefined`
 */
export function settleDecision(
  decision: Decision,
  isExcluded: (branch: BranchDecision) => Assumption | undefined,
): Decision {
  if (decision.type !== "branch") return decision;
  const premise = isExcluded(decision);
  if (premise) return assuming(settleDecision(decision.ifNot, isExcluded), premise);
  return {
    ...decision,
    ifMet: settleDecision(decision.ifMet, isExcluded),
    ifNot: settleDecision(decision.ifNot, isExcluded),
  };
}

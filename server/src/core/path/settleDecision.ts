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
 * @param premise what such an answer rests on
 */
export function settleDecision(
  decision: Decision,
  answer: (branch: BranchDecision) => boolean | undefined,
  premise: Assumption,
): Decision {
  if (decision.type !== "branch") return decision;
  const ifMet = settleDecision(decision.ifMet, answer, premise);
  const ifNot = settleDecision(decision.ifNot, answer, premise);
  const holds = answer(decision);
  if (holds === undefined) return { ...decision, ifMet, ifNot };
  return assuming(holds ? ifMet : ifNot, premise);
}

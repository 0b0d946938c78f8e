import type { CaseNode } from "../case/case.js";
import type { Decision } from "../fib/decision.js";
import type { Finding } from "../findings/finding.js";
import type { Rule } from "../iproute/rule.js";
import type { Candidate, Goal } from "./candidate.js";
import { deleteRules } from "./candidates/deleteRules.js";
import { moveBefore } from "./candidates/moveRule.js";
import { changedTargets } from "./changedTargets.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";
import { tidyRules } from "./tidyRules.js";

/** A candidate by which a rule comes to decide what it asks for; what it then decides is what the candidate is for. */
function letDecide({ state }: CaseNode, finding: Finding, rule: Rule, candidate: Candidate | undefined): Fix[] {
  if (!candidate) return [];
  // A moved rule is another one, with the same action.
  const isOurs = (after: Decision): boolean =>
    (after.type === "route" || after.type === "error") && after.rule?.action === rule.action;
  const targets = changedTargets(state, rule.family, candidate, isOurs);
  const goal: Goal = {
    purpose: "repair",
    targets,
    natural: state,
    asksFor: { rule: ({ action }) => action === rule.action },
    isWanted: ({ after }) => isOurs(after),
  };
  return simulateAll(state, finding, goal, [candidate]);
}

const noEffect = "The rule decides nothing now, so nothing is missed; whoever wrote it wanted something else, perhaps.";

/**
 * A rule that earlier ones always decide before: moved before them, where its answer would be another one, or deleted.
 *
 * @param differs whether some packet would get another answer by the rule
 */
export function fixUnreachableRule(
  node: CaseNode,
  finding: Finding,
  rule: Rule,
  by: readonly Rule[],
  differs: boolean,
): Fix[] {
  const [first] = by;
  const deleted = tidyRules(node, finding, rule, [deleteRules([rule], [noEffect])]);
  if (!differs || !first) return deleted;
  const meant = "Its packets then go where it says; whether that is what is wanted now, only you know.";
  const candidate = moveBefore(node.state, rule, first);
  return [
    ...letDecide(node, finding, rule, candidate && { ...candidate, notes: [meant, ...candidate.notes] }),
    ...deleted,
  ];
}

/** Two rules for the same packets: the later one, which does not decide, goes, or the earlier one. */
export function fixContradictingRules(node: CaseNode, finding: Finding, rule: Rule, rival: Rule): Fix[] {
  const earlier = deleteRules([rival], [`The packets of both rules then go where rule ${rule.priority} says.`]);
  return [
    ...tidyRules(node, finding, rule, [deleteRules([rule], [noEffect])]),
    ...letDecide(node, finding, rule, { ...earlier, kind: "delete-earlier" }),
  ];
}

import type { CaseNode } from "../case/case.js";
import type { Finding } from "../findings/finding.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";
import type { Candidate } from "./candidate.js";
import { deleteRules } from "./candidates/deleteRules.js";
import { ruleAt } from "./candidates/ruleFor.js";
import { changedTargets } from "./changedTargets.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";
import { tidyRules } from "./tidyRules.js";

/** The jump led to the first rule behind its missing target: there it would have gone on, had the target let the packet pass. */
function retarget(state: NodeState, rule: Rule): Candidate | undefined {
  const { action } = rule;
  if (action.type !== "goto" || action.target === undefined) return undefined;
  const { target: missing } = action;
  const next = (state.families[rule.family].rules ?? []).find(
    ({ priority }) => priority >= missing && priority > rule.priority,
  );
  if (!next) return undefined;
  const target: Rule = {
    ...ruleAt(rule, rule.priority),
    action: { type: "goto", target: next.priority, unresolved: false },
  };
  return {
    kind: "retarget",
    title: `Have rule ${rule.priority} jump to rule ${next.priority}, the first behind ${missing}`,
    changes: [
      { type: "delete-rule", rule },
      { type: "add-rule", rule: target },
    ],
    notes: [
      `The jump would go on there if rule ${missing} still stood and let its packets pass. Whether the rules in between are to be passed by, only you know.`,
    ],
  };
}

/** A `goto` that leads nowhere: deleted, for it does nothing; or led to the rule that would have come after its target. */
export function fixUnresolvedGoto(node: CaseNode, finding: Finding, rule: Rule): Fix[] {
  const { state } = node;
  // The kernel refuses to jump back (fib_nl_newrule), so such a line was not printed by it, and no command could bring the rule back.
  if (rule.action.type === "goto" && rule.action.target !== undefined && rule.action.target <= rule.priority) return [];
  const deleted = tidyRules(node, finding, rule, [
    deleteRules([rule], ["The kernel passes the rule by, so nothing is missed."]),
  ]);
  const candidate = retarget(state, rule);
  if (!candidate) return deleted;
  const targets = changedTargets(state, rule.family, candidate, () => true);
  const goal = { purpose: "repair", targets, natural: state, isWanted: () => true } as const;
  return [...deleted, ...simulateAll(state, finding, goal, [candidate])];
}

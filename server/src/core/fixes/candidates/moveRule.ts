import type { Rule } from "../../iproute/rule.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import { type ChosenPriorities, prioritiesBefore, prioritiesBehind } from "../priorityGap.js";
import { ruleAt } from "./ruleFor.js";

function moved(rule: Rule, where: string, chosen: ChosenPriorities | undefined): Candidate | undefined {
  const [priority] = chosen?.priorities ?? [];
  if (!chosen || priority === undefined) return undefined;
  return {
    kind: "move",
    title: `Move rule ${rule.priority} ${where}, to ${priority}`,
    // The new one first, so that at no moment there is none.
    changes: [
      { type: "add-rule", rule: ruleAt(rule, priority) },
      { type: "delete-rule", rule },
    ],
    notes: [chosen.why],
  };
}

/** Gives a rule a priority at which it is looked up directly before another one. */
export function moveBefore(state: NodeState, rule: Rule, other: Rule): Candidate | undefined {
  return moved(rule, `before rule ${other.priority}`, prioritiesBefore(state, other, 1));
}

/** Gives a rule a priority at which it is looked up directly behind another one. */
export function moveBehind(state: NodeState, rule: Rule, other: Rule): Candidate | undefined {
  return moved(rule, `behind rule ${other.priority}`, prioritiesBehind(state, other, 1));
}

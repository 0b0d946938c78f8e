import type { CompiledRule, Fib } from "../compileFib.js";
import type { Decision } from "../decision.js";
import { ruleCommand } from "../evidence.js";
import type { Flow } from "../flow.js";
import { noPremises } from "../openField.js";
import { takeStep } from "../ruleStep.js";
import { beginWalk, failure, missingEvidence } from "../walkState.js";
import { candidateRules, type RuleIndex } from "./ruleIndex.js";

/**
 * The same decision as `decide`, found by way of the index, and on wish as if one rule were not there: it is passed by like one that does
 * not match, and a `goto` to it goes on behind it.
 *
 * @param flow every field must be known.
 */
export function decideBy(fib: Fib, index: RuleIndex, flow: Flow, except?: number): Decision {
  return endOfWalk(fib, index, flow, except).decision;
}

/** A decision, and the position of the rule that made it; behind the last rule where none did. */
export interface WalkEnd {
  readonly decision: Decision;
  readonly at: number;
}

/** The same with the position of the rule. */
export function endOfWalk(fib: Fib, index: RuleIndex, flow: Flow, except?: number): WalkEnd {
  const rules = fib.rules ?? [];
  const walk = beginWalk(fib, flow, noPremises, undefined);
  let next = 0;
  for (const at of candidateRules(index, walk)) {
    if (at < next || at === except) continue;
    const step = takeStep(walk, rules[at] as CompiledRule);
    if (typeof step === "number") next = step;
    else if (step && step.type !== "open") return { decision: step, at };
  }
  const at = rules.length;
  if (fib.rules && fib.familyState.rulesComplete) return { decision: failure(walk, "no-route"), at };
  const missing = "None of the rules that were dumped decides, and the list is not whole.";
  return { decision: missingEvidence(walk, { type: "missing", missing, command: ruleCommand(fib) }), at };
}

/** What a rule by itself answers a flow; undefined where it does not match, or lets the flow go on. */
export function answerOf(fib: Fib, at: number, flow: Flow): Decision | undefined {
  const compiled = fib.rules?.[at];
  const step = compiled && takeStep(beginWalk(fib, flow, noPremises, undefined), compiled);
  return typeof step === "object" && step.type !== "open" ? step : undefined;
}

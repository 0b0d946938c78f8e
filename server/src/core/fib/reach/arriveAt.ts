import type { CompiledRule, Fib } from "../compileFib.js";
import type { Assumption, ErrorDecision, RouteDecision } from "../decision.js";
import type { Flow } from "../flow.js";
import { noPremises } from "../openField.js";
import { takeStep } from "../ruleStep.js";
import { matchSelector } from "../selector.js";
import { beginWalk } from "../walkState.js";
import { candidateRules, type RuleIndex } from "./ruleIndex.js";

/** What becomes of a flow on its way to a rule. */
export type Arrival =
  /** The walk comes to the rule, and it matches. */
  | { readonly type: "arrived" }
  /** The walk comes to the rule, and it does not match. */
  | { readonly type: "not-matched" }
  /** The rule at `by` ends the walk before. */
  | {
      readonly type: "ended";
      readonly by: number;
      readonly decision: RouteDecision | ErrorDecision;
      readonly assumptions: readonly Assumption[];
    }
  /** The `goto` at `by` leads past the rule. */
  | { readonly type: "jumped"; readonly by: number };

/**
 * Walks the rules up to the one at `at`. A rule whose table was not dumped is taken to let the flow pass, so that nobody is blamed for
 * what is not known.
 *
 * @param flow every field must be known.
 */
export function arriveAt(fib: Fib, index: RuleIndex, flow: Flow, at: number): Arrival {
  const rules = fib.rules ?? [];
  const walk = beginWalk(fib, flow, noPremises, undefined);
  let next = 0;
  for (const candidate of candidateRules(index, walk)) {
    if (candidate >= at) break;
    if (candidate < next) continue;
    const step = takeStep(walk, rules[candidate] as CompiledRule);
    if (typeof step === "number") {
      if (step > at) return { type: "jumped", by: candidate };
      next = step;
    } else if (step?.type === "route" || step?.type === "error") {
      return { type: "ended", by: candidate, decision: step, assumptions: walk.assumptions ?? [] };
    }
  }
  const { type } = matchSelector((rules[at] as CompiledRule).selector, walk);
  return { type: type === "matched" ? "arrived" : "not-matched" };
}

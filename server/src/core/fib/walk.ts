import type { CompiledRule, Fib } from "./compileFib.js";
import type { Considered, Decision } from "./decision.js";
import { noteRuleList, ruleCommand } from "./evidence.js";
import type { Flow } from "./flow.js";
import { walkMerged } from "./mergedWalk.js";
import type { Premises } from "./openField.js";
import { candidateFinder } from "./ruleFilter.js";
import { takeStep } from "./ruleStep.js";
import { beginWalk, failure, missingEvidence, note, type OpenQuestion } from "./walkState.js";

/**
 * Walks the rules for one flow (net/core/fib_rules.c: fib_rules_lookup). `considered`, where given, receives every rule the walk
 * comes by, with what it did; without it the walk is the same and says only how it ends.
 */
export function walkRules(
  fib: Fib,
  flow: Flow,
  premises: Premises,
  considered: Considered[] | undefined,
): Decision | OpenQuestion {
  const walk = beginWalk(fib, flow, premises, considered);
  const { rules } = fib;
  if (!rules) {
    return missingEvidence(walk, { type: "missing", missing: "The rules were not dumped.", command: ruleCommand(fib) });
  }
  noteRuleList(walk);
  const [local, main, fallback] = rules;
  if (fib.merged && local && main && fallback) return walkMerged(walk, [local, main, fallback], fib.merged);
  // Who wants to know every rule gets every rule compared in full.
  const next = considered ? (at: number) => at : candidateFinder(fib.filter, flow, walk.dst, walk.src);
  for (let at = next(0); at < rules.length; ) {
    const step = takeStep(walk, rules[at] as CompiledRule);
    if (typeof step === "object") return step;
    const target = step ?? at + 1;
    if (considered) for (at++; at < target; at++) note(walk, (rules[at] as CompiledRule).rule, { type: "jumped-over" });
    at = next(target);
  }
  if (fib.familyState.rulesComplete) return failure(walk, "no-route");
  const missing = "None of the rules that were dumped decides, and the list is not whole.";
  return missingEvidence(walk, { type: "missing", missing, command: ruleCommand(fib) });
}

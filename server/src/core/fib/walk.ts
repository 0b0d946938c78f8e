import { unspecifiedKey } from "./addressKey.js";
import { type CompiledRule, type Fib, quickWidth } from "./compileFib.js";
import type { Considered, Decision } from "./decision.js";
import { noteRuleList, ruleCommand } from "./evidence.js";
import type { Flow } from "./flow.js";
import { walkMerged } from "./mergedWalk.js";
import type { Premises } from "./openField.js";
import { takeStep } from "./ruleStep.js";
import { beginWalk, failure, missingEvidence, note, type OpenQuestion, type Walk } from "./walkState.js";

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
  const refuses = considered ? () => false : quickRefusal(walk);
  for (let at = 0; at < rules.length; ) {
    if (refuses(at)) {
      at++;
      continue;
    }
    const step = takeStep(walk, rules[at] as CompiledRule);
    if (typeof step === "object") return step;
    const next = step ?? at + 1;
    for (at++; at < next; at++) note(walk, (rules[at] as CompiledRule).rule, { type: "jumped-over" });
  }
  if (fib.familyState.rulesComplete) return failure(walk, "no-route");
  const missing = "None of the rules that were dumped decides, and the list is not whole.";
  return missingEvidence(walk, { type: "missing", missing, command: ruleCommand(fib) });
}

/** Tells most rules that don't match by the few words in `Fib.quick`. An open field refuses nothing. */
function quickRefusal({ fib, compared }: Walk): (at: number) => boolean {
  const { quick, deviceNumbers } = fib;
  const { flow, dst, src } = compared;
  const from = (src ?? unspecifiedKey).w0;
  const to = dst.w0;
  const mark = flow.fwmark ?? 0;
  const markKnown = flow.fwmark === undefined ? 0 : -1;
  const device = flow.iif === undefined ? 0 : (deviceNumbers.get(flow.iif) ?? 0);
  const deviceKnown = flow.iif === undefined ? 0 : -1;
  return (at) => {
    const base = at * quickWidth;
    const difference =
      ((from ^ (quick[base] as number)) & (quick[base + 1] as number)) |
      ((to ^ (quick[base + 2] as number)) & (quick[base + 3] as number)) |
      ((mark ^ (quick[base + 4] as number)) & (quick[base + 5] as number) & markKnown) |
      ((device ^ (quick[base + 6] as number)) & (quick[base + 7] as number) & deviceKnown);
    return difference !== 0;
  };
}

import type { Address } from "../../net/address.js";
import { everything, type Prefix } from "../../net/prefix.js";
import type { FamilyChange } from "../../state/familyChange.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { noPremises } from "../openField.js";
import { takeStep } from "../ruleStep.js";
import { beginWalk } from "../walkState.js";
import { emptyFlow } from "./emptyFlow.js";
import { candidateRules, type RuleIndex } from "./ruleIndex.js";

function asksOnlyForDestination({ selector }: CompiledRule): boolean {
  const { not, from, oif, l3mdev, never, conditions } = selector;
  return !not && !from && !oif && !l3mdev && !never && conditions.length === 0;
}

/**
 * The position of the first rule that decides about every packet to an address, whatever else the packet is: no later rule gets any.
 * Behind the last rule where there is none.
 */
export function firstDecider(fib: Fib, index: RuleIndex, dst: Address): number {
  const rules = fib.rules ?? [];
  // Behind a jump, none is sure to be asked.
  const {
    jumps: [end = rules.length],
  } = fib;
  const walk = beginWalk(fib, { ...emptyFlow(fib.family), dst, iif: "any" }, noPremises, undefined);
  for (const at of candidateRules(index, walk)) {
    if (at >= end) break;
    const compiled = rules[at] as CompiledRule;
    if (!asksOnlyForDestination(compiled)) continue;
    const step = takeStep(walk, compiled);
    if (typeof step === "object" && (step.type === "route" || step.type === "error")) return at;
  }
  return rules.length;
}

/**
 * The destinations whose first decider may be another one than in the earlier state, but for its position in the list: those of rules and
 * routes that came or went. Undefined where it may be any.
 */
export function changedDeciders(before: Fib, fib: Fib, { rules, tables }: FamilyChange): Prefix[] | undefined {
  if (before.jumps.length > 0 || fib.jumps.length > 0) return undefined;
  const { start, end, oldEnd } = rules;
  const changed = [...(before.rules ?? []).slice(start, oldEnd), ...(fib.rules ?? []).slice(start, end)];
  const asked = changed.filter(asksOnlyForDestination).map(({ rule }) => rule.to ?? everything(fib.family));
  return [...asked, ...[...tables.values()].flat()];
}

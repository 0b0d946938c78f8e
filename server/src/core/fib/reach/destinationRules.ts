import type { Address } from "../../net/address.js";
import { containsPrefix, everything } from "../../net/prefix.js";
import { carriedTo, familyChange } from "../../state/familyChange.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { noPremises } from "../openField.js";
import { takeStep } from "../ruleStep.js";
import { beginWalk } from "../walkState.js";
import { emptyFlow } from "./emptyFlow.js";
import { buildRuleIndex, candidateRules, type RuleIndex } from "./ruleIndex.js";

const indices = new WeakMap<Fib, RuleIndex>();

/** The index of the rules that ask for nothing but the destination, if that, up to the first `goto`: behind one, none is sure to be asked. */
function destinationRules(fib: Fib): RuleIndex {
  const known = indices.get(fib);
  if (known) return known;
  const rules = fib.rules ?? [];
  const jump = rules.findIndex(({ target }) => target !== undefined);
  const index = buildRuleIndex(jump < 0 ? rules : rules.slice(0, jump), fib.family, asksOnlyForDestination);
  indices.set(fib, index);
  return index;
}

function asksOnlyForDestination({ selector }: CompiledRule): boolean {
  const { not, from, oif, l3mdev, never, conditions } = selector;
  return !not && !from && !oif && !l3mdev && !never && conditions.length === 0;
}

/**
 * The position of the first rule that decides about every packet to an address, whatever else the packet is: no later rule gets any.
 * Behind the last rule where there is none.
 */
export function firstDecider(fib: Fib, dst: Address): number {
  const rules = fib.rules ?? [];
  const flow = { ...emptyFlow(fib.family), dst, iif: "any" };
  const walk = beginWalk(fib, flow, noPremises, undefined);
  for (const at of candidateRules(destinationRules(fib), flow)) {
    const step = takeStep(walk, rules[at] as CompiledRule);
    if (typeof step === "object" && (step.type === "route" || step.type === "error")) return at;
  }
  return rules.length;
}

/**
 * Where an address' first decider stands that stood elsewhere in the earlier list of rules, if at all. For two states of the same tables;
 * undefined where a list has a `goto`.
 */
export function carriedDeciders(before: Fib, fib: Fib): ((dst: Address, old: number) => number) | undefined {
  const change = familyChange(fib.state, fib.family);
  const lists = [before.rules ?? [], fib.rules ?? []];
  if (!change || lists.some((rules) => rules.some(({ target }) => target !== undefined))) return undefined;
  const { start, end, oldEnd } = change.rules;
  const changed = [...(before.rules ?? []).slice(start, oldEnd), ...(fib.rules ?? []).slice(start, end)];
  const asked = changed.filter(asksOnlyForDestination).map(({ rule }) => rule.to ?? everything(fib.family));
  return (dst, old) =>
    asked.some((prefix) => containsPrefix(prefix, dst)) ? firstDecider(fib, dst) : carriedTo(change.rules, old);
}

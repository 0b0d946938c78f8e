import { priorityOwner } from "../cilium/ruleOwners.js";
import type { Rule } from "../iproute/rule.js";
import type { NodeState } from "../state/nodeState.js";

/** Priorities for new rules, and why these. */
export interface ChosenPriorities {
  /** Ascending. */
  readonly priorities: readonly number[];
  /** A sentence. */
  readonly why: string;
}

/** The largest priority of a rule: it is a u32. */
const last = 0xffffffff;

/** Numbers between two others, in the order in which they are wanted, as many as asked for; those of known owners are passed over. */
function freeNumbers(from: number, step: 1 | -1, beyond: number, count: number): number[] | undefined {
  const owned: number[] = [];
  const free: number[] = [];
  for (let number = from; (beyond - number) * step > 0 && free.length < count; number += step) {
    if (priorityOwner(number) === undefined) free.push(number);
    else if (owned.length < count) owned.push(number);
  }
  // A number of somebody's is still better than no room at all.
  const found = [...free, ...owned].slice(0, count);
  return found.length === count ? found.sort((a, b) => a - b) : undefined;
}

function list(priorities: readonly number[]): string {
  const [first, ...others] = priorities;
  return others.length === 0 ? `Priority ${first} is` : `Priorities ${first} to ${priorities.at(-1)} are`;
}

function passedOver(from: number, to: number): string {
  const owners = new Set<string>();
  for (let number = from; number !== to && owners.size < 3; number += Math.sign(to - from)) {
    const owner = priorityOwner(number);
    if (owner !== undefined) owners.add(owner);
  }
  return owners.size === 0 ? "" : ` Nearer ones are left to ${[...owners].join(" and ")}, whose rules stand there.`;
}

/**
 * Priorities for `count` new rules that must be looked up directly before `rule`: the free ones just below it that are nobody's own. Where
 * there is no room, that of the rule before it, behind which a new rule of equal priority stands (net/core/fib_rules.c: fib_nl_newrule).
 * `undefined` where not even that is possible, because nothing lies between.
 */
export function prioritiesBefore(state: NodeState, rule: Rule, count: number): ChosenPriorities | undefined {
  // Before all rules of its priority: among them there is no number.
  const previous = (state.families[rule.family].rules ?? []).findLast(({ priority }) => priority < rule.priority);
  const before = previous?.priority ?? -1;
  const free = freeNumbers(rule.priority - 1, -1, before, count);
  if (free) {
    const behind = previous ? ` and behind rule ${before}` : "";
    const near = passedOver(rule.priority - 1, free.at(-1) ?? 0);
    return { priorities: free, why: `${list(free)} free, just before rule ${rule.priority}${behind}.${near}` };
  }
  if (!previous) return undefined;
  const why = `There is no free priority between rules ${before} and ${rule.priority}: a new rule of priority ${before} stands behind those that are there already.`;
  return { priorities: Array.from({ length: count }, () => before), why };
}

/**
 * Priorities for `count` rules that must be looked up directly behind `rule`: the free ones just above it that are nobody's own; where
 * there is no room, its own. `undefined` where another rule of its priority follows, which would then stand between.
 */
export function prioritiesBehind(state: NodeState, rule: Rule, count: number): ChosenPriorities | undefined {
  const rules = state.families[rule.family].rules ?? [];
  const next = rules[rules.indexOf(rule) + 1];
  const after = next?.priority ?? last + 1;
  const free = freeNumbers(rule.priority + 1, 1, after, count);
  if (free) {
    const before = next ? ` and before rule ${after}` : "";
    const near = passedOver(rule.priority + 1, free[0] ?? 0);
    return { priorities: free, why: `${list(free)} free, just behind rule ${rule.priority}${before}.${near}` };
  }
  if (after === rule.priority) return undefined;
  const why = `There is no free priority between rules ${rule.priority} and ${after}: a new rule of priority ${rule.priority} stands behind those that are there already.`;
  return { priorities: Array.from({ length: count }, () => rule.priority), why };
}

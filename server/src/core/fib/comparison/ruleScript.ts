import { tableWord } from "../../iproute/names.js";
import { printRule } from "../../iproute/printRule.js";
import type { Rule } from "../../iproute/rule.js";
import { sameRule } from "../../iproute/sameRule.js";
import { alignLists } from "../../state/alignLists.js";
import type { CompiledRule, Fib } from "../compileFib.js";

/** One step of several walks side by side: by state, the rule that it has at this point of the order, if it has it. */
export type ScriptStep = readonly (CompiledRule | undefined)[];

/** Lists of rules as one: each of them in its own order, with what they have in common in one step. */
export interface RuleScript {
  readonly steps: readonly ScriptStep[];
  /** By state, the step of each rule, by its position in its own list. */
  readonly places: readonly Int32Array[];
}

/**
 * Puts lists of rules together. A rule that changed places counts as gone from the one and new at the other; so do all where devices
 * changed their VRF, since rules that name them mean something else then.
 */
export function ruleScript(fibs: readonly Fib[]): RuleScript {
  let steps: ScriptStep[] = [];
  for (const [state, fib] of fibs.entries()) {
    const [first] = fibs;
    steps = addList(steps, state, fib.rules ?? [], first === undefined || sameVrfs(first, fib));
  }
  return { steps, places: fibs.map((fib, state) => placesOf(steps, state, fib.rules?.length ?? 0)) };
}

/** A rule of a step, whichever state has it: they are all the same. */
export function ruleOfStep(step: ScriptStep): CompiledRule {
  return step.find((rule) => rule !== undefined) as CompiledRule;
}

function addList(steps: readonly ScriptStep[], state: number, rules: readonly CompiledRule[], comparable: boolean) {
  const { kept } = comparable ? alignLists(steps.map(ruleOfStep), rules, ruleKey, isSame) : { kept: [] };
  const together: ScriptStep[] = [];
  const none: ScriptStep = Array.from({ length: state }, () => undefined);
  let known = 0;
  let own = 0;
  const advance = (toKnown: number, toOwn: number) => {
    for (; known < toKnown; known++) together.push([...(steps[known] as ScriptStep), undefined]);
    for (; own < toOwn; own++) together.push([...none, rules[own]]);
  };
  for (const [keptKnown, keptOwn] of kept) {
    advance(keptKnown, keptOwn);
    together.push([...(steps[known++] as ScriptStep), rules[own++]]);
  }
  advance(steps.length, rules.length);
  return together;
}

function placesOf(steps: readonly ScriptStep[], state: number, count: number): Int32Array {
  const places = new Int32Array(count);
  let next = 0;
  for (const [at, step] of steps.entries()) if (step[state]) places[next++] = at;
  return places;
}

function isSame(a: CompiledRule, b: CompiledRule): boolean {
  return a.tableId === b.tableId && sameRule(a.rule, b.rule);
}

function sameVrfs(a: Fib, b: Fib): boolean {
  if (a.vrfs.members.size + b.vrfs.members.size === 0) return true;
  const words = ({ vrfs }: Fib) =>
    [...vrfs.members]
      .map((device) => `${device} ${vrfs.of(device)}`)
      .sort()
      .join();
  return words(a) === words(b);
}

const keys = new WeakMap<Rule, { readonly tableId: number | undefined; readonly key: string }>();

/** What a rule does to the walk, whatever its priority and whoever made it. Printed once: many states have a rule in common. */
function ruleKey({ rule, tableId }: CompiledRule): string {
  const known = keys.get(rule);
  if (known && known.tableId === tableId) return known.key;
  const { action, protocol, ...rest } = rule;
  const isNumbered = action.type === "lookup" && tableId !== undefined && tableId >= 0;
  const table = isNumbered ? { id: tableId } : action.type === "lookup" ? { name: tableWord(action.table) } : {};
  const key = printRule({
    ...rest,
    priority: 0,
    action: action.type === "lookup" ? { type: "lookup", table } : action,
  });
  keys.set(rule, { tableId, key });
  return key;
}

import { tableWord } from "../../iproute/names.js";
import { printRule } from "../../iproute/printRule.js";
import { sameRule } from "../../iproute/sameRule.js";
import { alignLists } from "../../state/alignLists.js";
import type { CompiledRule, Fib } from "../compileFib.js";

/** One step of two walks side by side: a rule that both lists have at this point of the order, or that only one has. */
export interface ScriptStep {
  readonly before?: CompiledRule;
  readonly after?: CompiledRule;
}

/** Two lists of rules as one: each of them in its own order, with what they have in common in one step. */
export interface RuleScript {
  readonly steps: readonly ScriptStep[];
  /** The step of each rule, by its position in its own list. */
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * Puts two lists of rules together. A rule that changed places counts as gone from the one and new at the other; so do all where devices
 * changed their VRF, since rules that name them mean something else then.
 */
export function ruleScript(before: Fib, after: Fib): RuleScript {
  const left = before.rules ?? [];
  const right = after.rules ?? [];
  const { kept } = sameVrfs(before, after)
    ? alignLists(left, right, ruleKey, (a, b) => a.tableId === b.tableId && sameRule(a.rule, b.rule))
    : { kept: [] };
  const steps: ScriptStep[] = [];
  const places = { before: new Int32Array(left.length), after: new Int32Array(right.length) };
  let l = 0;
  let r = 0;
  const advance = (toLeft: number, toRight: number) => {
    for (; l < toLeft; l++) add({ before: left[l] as CompiledRule });
    for (; r < toRight; r++) add({ after: right[r] as CompiledRule });
  };
  const add = (step: ScriptStep) => {
    if (step.before) places.before[l] = steps.length;
    if (step.after) places.after[r] = steps.length;
    steps.push(step);
  };
  for (const [keptLeft, keptRight] of kept) {
    advance(keptLeft, keptRight);
    add({ before: left[l] as CompiledRule, after: right[r] as CompiledRule });
    l++;
    r++;
  }
  advance(left.length, right.length);
  return { steps, ...places };
}

function sameVrfs(before: Fib, after: Fib): boolean {
  const words = ({ vrfs }: Fib) =>
    [...vrfs.members]
      .map((device) => `${device} ${vrfs.of(device)}`)
      .sort()
      .join();
  return words(before) === words(after);
}

/** What a rule does to the walk, whatever its priority and whoever made it. */
function ruleKey({ rule, tableId }: CompiledRule): string {
  const { action, protocol, ...rest } = rule;
  const known = action.type === "lookup" && tableId !== undefined && tableId >= 0;
  const table = known ? { id: tableId } : action.type === "lookup" ? { name: tableWord(action.table) } : {};
  return printRule({ ...rest, priority: 0, action: action.type === "lookup" ? { type: "lookup", table } : action });
}

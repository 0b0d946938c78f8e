import type { CaseNode } from "../case/case.js";
import { perRule } from "../iproute/perRule.js";
import { printRule } from "../iproute/printRule.js";
import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import { tableId } from "../state/nodeState.js";
import type { Confidence } from "./finding.js";

/** Both families, for checks that look at each. */
export const families: readonly Family[] = [4, 6];

/** A rule in a sentence: `rule 100 (from 10.0.0.0/8 lookup 200)`. */
export const wordsForRule: (rule: Rule) => string = perRule((rule) => {
  const text = printRule(rule);
  return `rule ${rule.priority} (${text.slice(text.indexOf("\t") + 1)})`;
});

/** Several rules in a sentence, the first few of them. */
export function wordsForRules(rules: readonly Rule[]): string {
  const shown = rules.slice(0, 3).map(wordsForRule);
  const more = rules.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  const last = shown.pop();
  return shown.length > 0 ? `${shown.join(", ")} and ${last}` : `${last}`;
}

/** How far the dumps carry what they say about some rules: not surely where a list is not whole, or hides what rules compare. */
export function confidenceIn(node: Pick<CaseNode, "state">, family: Family, rules: readonly Rule[]): Confidence {
  const state = node.state.families[family];
  if (!state.rulesComplete || state.hiddenSelectors.length > 0) return "conditional";
  const doubtful = rules.some(({ incomplete, action }) => {
    const id = action.type === "lookup" ? tableId(node.state, action.table) : undefined;
    return incomplete || (id !== undefined && state.tables.get(id)?.origin === "partial");
  });
  return doubtful ? "conditional" : "confirmed";
}

/** The sentence for what `confidenceIn` found wanting, where it did. */
export function wordsForConfidence(confidence: Confidence): string[] {
  return confidence === "conditional" ? ["This holds if the dump shows the rules and tables whole."] : [];
}

import type { Rule } from "../../iproute/rule.js";
import type { Candidate } from "../candidate.js";

/** Rules in words: `rule 100`, `rules 100 and 200`, `5 rules`. */
function wordsFor(rules: readonly Rule[]): string {
  const priorities = [...new Set(rules.map(({ priority }) => priority))];
  if (rules.length === 1) return `rule ${priorities[0]}`;
  return rules.length <= 4 ? `rules ${priorities.join(" and ")}` : `${rules.length} rules`;
}

/** Takes rules away. */
export function deleteRules(rules: readonly Rule[], notes: readonly string[]): Candidate {
  return {
    kind: "delete",
    title: `Delete ${wordsFor(rules)}`,
    changes: rules.map((rule) => ({ type: "delete-rule", rule })),
    notes,
  };
}

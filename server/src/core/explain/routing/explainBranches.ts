import type { Decision } from "../../fib/decision.js";
import { decisionJson } from "./decisionJson.js";
import { explainDecision } from "./explainDecision.js";

/** An answer that depends on open fields, as an indented tree: "If fwmark & 0xf00 = 0x200 (rule 9): ... Otherwise: ...". */
export function branchLines(decision: Decision): string[] {
  if (decision.type !== "branch") return [explainDecision(decision)];
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  return [
    `If ${decision.condition} (rule ${decision.rule.priority}):`,
    ...indented(branchLines(decision.ifMet)),
    "Otherwise:",
    ...indented(branchLines(decision.ifNot)),
  ];
}

/** The same as data: `{"type":"branch","condition",...,"ifMet":...,"ifNot":...}`, with answers at its ends. */
export function branchJson(decision: Decision): Record<string, unknown> {
  if (decision.type !== "branch") return decisionJson(decision);
  return {
    type: "branch",
    field: decision.field,
    condition: decision.condition,
    rule: decision.rule.priority,
    ifMet: branchJson(decision.ifMet),
    ifNot: branchJson(decision.ifNot),
  };
}

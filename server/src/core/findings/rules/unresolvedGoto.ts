import type { CaseNode } from "../../case/case.js";
import { fibOf } from "../../fib/fibOf.js";
import type { Finding, FindingKind } from "../finding.js";
import { confidenceIn, families } from "../ruleEvidence.js";

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) =>
    (fibOf(node.state, family).rules ?? []).flatMap(({ rule, target }): Finding[] => {
      const { action } = rule;
      if (action.type !== "goto" || target !== undefined) return [];
      const known = confidenceIn(node, family, [rule]);
      const confidence = action.unresolved ? "confirmed" : known;
      return [
        {
          code: "unresolved-goto",
          severity: confidence === "confirmed" ? "warning" : "information",
          confidence,
          place: rule.place,
          message: `This rule does nothing: ${action.target === undefined ? "its `goto` leads nowhere" : `no rule of priority ${action.target} stands behind it, so its \`goto\` leads nowhere`}.`,
          related: [],
          data: { code: "unresolved-goto", rule },
        },
      ];
    }),
  );
}

/** A `goto` whose target is missing. */
export const unresolvedGoto: FindingKind = {
  code: "unresolved-goto",
  defaultSeverity: "warning",
  meaning: "The rule jumps to a priority that no later rule has; the kernel then passes it by.",
  silentWhen: ["The list of rules is not whole and the rule does not say [unresolved]: then this is an information."],
  example: "100: from all goto 300 [unresolved]",
  check,
};

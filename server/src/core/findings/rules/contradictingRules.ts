import type { CaseNode } from "../../case/case.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { reachesOf } from "../../fib/reach/reachesOf.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { isFallback, lostAnswers } from "../packets/lostAnswers.js";
import { confidenceIn, families, wordsForConfidence, wordsForRule } from "../ruleEvidence.js";
import { duplicatesIn } from "./duplicateRule.js";
import { selectorKey } from "./sameSelector.js";

/** The earlier rule with the same selector that alone keeps a rule from ever deciding. */
export function rivalOf(rule: Rule, by: readonly Rule[]): Rule | undefined {
  const [first] = by;
  return by.length === 1 && first && selectorKey(first) === selectorKey(rule) ? first : undefined;
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const duplicates = new Set(duplicatesIn(node.state, node.state.families[family].rules ?? []).flat());
    return [...reachesOf(node.state, family)].flatMap(([rule, reach]): Finding[] => {
      if (reach.type !== "unreachable" || duplicates.has(rule) || ruleOwner(rule)?.confidence === "certain") return [];
      const rival = rivalOf(rule, reach.by);
      if (!rival || isFallback(rule, reach.by)) return [];
      const { different } = lostAnswers(node.state, rule, reach);
      if (!different) return [];
      const confidence = confidenceIn(node, family, [rule, rival]);
      const sentences = [
        `This rule asks for the same packets as ${wordsForRule(rival)}, which stands before it and always decides, so it has no effect.`,
        "The two contradict each other: whichever was added first wins where their priorities are equal.",
        ...wordsForConfidence(confidence),
      ];
      return [
        {
          code: "contradicting-rules",
          severity: confidence === "confirmed" ? "warning" : "information",
          confidence,
          place: rule.place,
          message: sentences.join(" "),
          related: [{ place: rival.place, message: "The rule that decides" }],
          data: { code: "contradicting-rules", rule, rival, example: different },
        },
      ];
    });
  });
}

/** Two rules with the same selector and different tables, of which the second never decides. */
export const contradictingRules: FindingKind = {
  code: "contradicting-rules",
  defaultSeverity: "warning",
  meaning: "Two rules compare the same and lead to different answers, and the first one always decides.",
  silentWhen: [
    "The first one's table lets some packets go on, so that the second is its fallback.",
    "The second one refuses packets (`unreachable`, `prohibit`, `blackhole`): it guards against a table that lost its routes.",
    "Both give the same answers.",
  ],
  example: `100: from 192.0.2.7 lookup 200    (table 200: default via 192.0.2.1)
101: from 192.0.2.7 lookup 201    (table 201: default via 192.0.2.254)`,
  check,
};

import type { CaseNode } from "../../case/case.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import { flowWords } from "../../fib/flowWords.js";
import { reachesInOrder } from "../../fib/reach/reachesOf.js";
import type { RuleReach } from "../../fib/reach/ruleReach.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { isFallback, type LostAnswer, lostAnswers } from "../packets/lostAnswers.js";
import { confidenceIn, families, wordsForConfidence, wordsForRule } from "../ruleEvidence.js";
import { duplicatesIn } from "./duplicateRule.js";
import { haveSameSelector } from "./sameSelector.js";

/** What stands against a rule: the one that decides, and a packet that shows the difference. */
interface Contradiction {
  readonly rival: Rule;
  readonly example: LostAnswer;
}

/** The earlier rule with the same selector that alone keeps a rule from ever deciding. */
export function rivalOf(rule: Rule, by: readonly Rule[]): Rule | undefined {
  const [first] = by;
  return by.length === 1 && first && haveSameSelector(first, rule) ? first : undefined;
}

function findingFor(node: CaseNode, rule: Rule, { rival, example }: Contradiction): Finding {
  const confidence = confidenceIn(node, rule.family, [rule, rival]);
  const sentences = [
    `This rule has no effect: before it, ${wordsForRule(rival)} always decides about the same packets.`,
    `For example, ${flowWords(example.flow)} goes to ${wordsForDecision(example.actual)}; by this rule it would go to ${wordsForDecision(example.wanted)}.`,
    ...(rule.priority === rival.priority ? ["Their priorities are equal, so the one added first decides."] : []),
    ...wordsForConfidence(confidence),
  ];
  return {
    code: "contradicting-rules",
    severity: confidence === "confirmed" ? "warning" : "information",
    confidence,
    place: rule.place,
    message: sentences.join(" "),
    related: [{ place: rival.place, message: "The rule that decides" }],
    data: { code: "contradicting-rules", rule, rival, example },
  };
}

function contradictionOf({ state }: CaseNode, rule: Rule, reach: RuleReach): Contradiction | undefined {
  if (reach.type !== "unreachable") return undefined;
  const rival = rivalOf(rule, reach.by);
  if (!rival || isFallback(rule, reach.by) || ruleOwner(rule)?.confidence === "certain") return undefined;
  const { different } = lostAnswers(state, rule, reach);
  return different && { rival, example: different };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const { rules = [] } = node.state.families[family];
    const duplicates = new Set(duplicatesIn(node.state, family).flatMap(([, ...later]) => later));
    const found: Finding[] = [];
    for (const [at, reach] of reachesInOrder(node.state, family).entries()) {
      const rule = rules[at];
      const contradiction = rule && !duplicates.has(rule) && contradictionOf(node, rule, reach);
      if (contradiction) found.push(findingFor(node, rule, contradiction));
    }
    return found;
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
    "Both give the same answers, as far as tried; or they differ only for what is for this host itself.",
    "The second one is the same rule once more: `duplicate-rule` says that.",
  ],
  example: `100: from 192.0.2.7 lookup 200    (table 200: default via 192.0.2.1)
101: from 192.0.2.7 lookup 201    (table 201: default via 192.0.2.254)`,
  check,
};

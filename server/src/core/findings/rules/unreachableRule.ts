import type { CaseNode } from "../../case/case.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import { flowWords } from "../../fib/flowWords.js";
import { reachesOf } from "../../fib/reach/reachesOf.js";
import type { RuleReach } from "../../fib/reach/ruleReach.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { isFallback, lostAnswers } from "../packets/lostAnswers.js";
import { confidenceIn, families, wordsForConfidence, wordsForRules } from "../ruleEvidence.js";
import { rivalOf } from "./contradictingRules.js";
import { duplicatesIn } from "./duplicateRule.js";

function findingFor(node: CaseNode, rule: Rule, reach: RuleReach & { type: "unreachable" }): Finding | undefined {
  const { by } = reach;
  if (isFallback(rule, by) || rivalOf(rule, by)) return undefined;
  const jumps = by.some(({ action }) => action.type === "goto");
  const { different, any } = lostAnswers(node.state, rule, reach);
  // What would let every packet go on is not missed.
  if (!any && rule.action.type !== "goto") return undefined;
  const confidence = confidenceIn(node, rule.family, by);
  const who = wordsForRules(by);
  const sentences = [
    jumps
      ? `This rule never decides: ${who} lead past it, or decide before.`
      : `This rule never decides: ${who} ${by.length === 1 ? "takes" : "together take"} every packet it could match.`,
    different
      ? `For example, ${flowWords(different.flow)} goes to ${wordsForDecision(different.actual)}; by this rule it would go to ${wordsForDecision(different.wanted)}.`
      : "The packets get the same answer as by this rule, as far as tried, so it only has no effect.",
    ...wordsForConfidence(confidence),
  ];
  return {
    code: "unreachable-rule",
    severity: different && confidence === "confirmed" ? "warning" : "information",
    confidence,
    place: rule.place,
    message: sentences.join(" "),
    related: by.map(({ place, priority }) => ({ place, message: `Rule ${priority} decides before` })),
    data: { code: "unreachable-rule", rule, by, ...(different && { example: different }) },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const reaches = reachesOf(node.state, family);
    const rules = node.state.families[family].rules ?? [];
    const duplicates = new Set(duplicatesIn(node.state, rules).flatMap(([, ...later]) => later));
    return [...reaches].flatMap(([rule, reach]) =>
      reach.type !== "unreachable" || duplicates.has(rule) || ruleOwner(rule)?.confidence === "certain"
        ? []
        : (findingFor(node, rule, reach) ?? []),
    );
  });
}

/** Earlier rules always decide before this one. */
export const unreachableRule: FindingKind = {
  code: "unreachable-rule",
  defaultSeverity: "warning",
  meaning:
    "An earlier rule, or several together, decide about every packet that this rule could match; names the fewest that do, and an example that would be treated otherwise. Proved over all selectors and the routes of the tables, for packets of sockets that are not bound to a device.",
  silentWhen: [
    "An earlier rule lets some packets go on: its table has no route for them, or was not dumped, or a suppressor or a `throw` route drops the answer.",
    "The rule would let every packet go on itself, because its table is empty.",
    "It refuses packets behind a look-up: then it guards against a table that lost its routes.",
    "The kernel, or another known owner, installs it (table `default` behind a default route of main).",
    "Only a same rule, or one with the same selector, decides before it: `duplicate-rule` and `contradicting-rules` say that.",
  ],
  example: `100: from 192.0.2.0/24 lookup 200    (table 200: default via 192.0.2.1)
150: from 192.0.2.7 lookup 201       (table 201: default via 192.0.2.254)`,
  check,
};

import type { CaseNode } from "../../case/case.js";
import { fibOf } from "../../fib/fibOf.js";
import { reachesOf } from "../../fib/reach/reachesOf.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { confidenceIn, families } from "../ruleEvidence.js";

/** Why a rule matches nothing, as a sentence; undefined where it may match. */
function reasonFor(node: CaseNode, rule: Rule, unmatchable: boolean): string | undefined {
  const { links, linksComplete } = node.state;
  if (!rule.not) {
    for (const device of [rule.iif, rule.oif]) {
      if (!device) continue;
      if (device.detached)
        return `There is no device ${device.name} now, so this rule matches nothing until there is one.`;
      if (linksComplete && device.name !== "lo" && !links.has(device.name)) {
        return `The list of devices shows no ${device.name}, so this rule matches nothing until there is one.`;
      }
    }
  }
  if (!unmatchable) return undefined;
  if (rule.iif && rule.oif) {
    return "This rule matches nothing: only packets of this node itself have an outgoing device (oif) when rules are asked, and those come in by lo.";
  }
  return rule.not
    ? "This rule matches nothing: `not` inverts all of its selectors together, and together they match everything."
    : "This rule matches nothing: no packet fulfils all of its selectors.";
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const reaches = reachesOf(node.state, family);
    const rules = fibOf(node.state, family).rules ?? [];
    return rules.flatMap(({ rule }): Finding[] => {
      const message = reasonFor(node, rule, reaches.get(rule)?.type === "unmatchable");
      if (message === undefined) return [];
      return [
        {
          code: "never-matches",
          severity: "information",
          confidence: confidenceIn(node, family, []),
          place: rule.place,
          message,
          related: [],
          data: { code: "never-matches", rule },
        },
      ];
    });
  });
}

/** A rule whose selector no packet can fulfil. */
export const neverMatches: FindingKind = {
  code: "never-matches",
  defaultSeverity: "information",
  meaning: "The rule's selectors exclude one another, or name a device that is not there.",
  silentWhen: [
    "The devices were not listed whole, and the rule does not say [detached].",
    "`not` stands before such a selector: then it matches everything.",
  ],
  example: `100: not from all lookup 200
101: from all iif eth1 [detached] lookup 200`,
  check,
};

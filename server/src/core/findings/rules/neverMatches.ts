import type { CaseNode } from "../../case/case.js";
import { reachesInOrder } from "../../fib/reach/reachesOf.js";
import type { Rule } from "../../iproute/rule.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { confidenceIn, families } from "../ruleEvidence.js";

/** Why a rule matches nothing for want of a device, as a sentence; undefined where its devices may be there. */
function absenceWords({ links, linksComplete }: NodeState, { not, iif, oif }: Rule): string | undefined {
  if (not || (!iif && !oif)) return undefined;
  for (const device of [iif, oif]) {
    if (!device) continue;
    if (device.detached)
      return `There is no device ${device.name} now, so this rule matches nothing until there is one.`;
    if (linksComplete && device.name !== "lo" && !links.has(device.name)) {
      return `The list of devices shows no ${device.name}, so this rule matches nothing until there is one.`;
    }
  }
  return undefined;
}

/** Why no packet fulfils a rule's selectors, as a sentence. */
function contradictionWords({ not, iif, oif }: Rule): string {
  if (iif && oif) {
    return "This rule matches nothing: only packets of this node itself have an outgoing device (oif) when rules are asked, and those come in by lo.";
  }
  return not
    ? "This rule matches nothing: `not` inverts all of its selectors together, and together they match everything."
    : "This rule matches nothing: no packet fulfils all of its selectors.";
}

function findingFor(node: CaseNode, rule: Rule, message: string): Finding {
  return {
    code: "never-matches",
    severity: "information",
    confidence: confidenceIn(node, rule.family, []),
    place: rule.place,
    message,
    related: [],
    data: { code: "never-matches", rule },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const found: Finding[] = [];
    const reaches = reachesInOrder(node.state, family);
    for (const [at, rule] of (node.state.families[family].rules ?? []).entries()) {
      const isUnmatchable = reaches[at]?.type === "unmatchable";
      const message = absenceWords(node.state, rule) ?? (isUnmatchable ? contradictionWords(rule) : undefined);
      if (message !== undefined) found.push(findingFor(node, rule, message));
    }
    return found;
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

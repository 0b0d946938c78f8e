import type { CaseNode } from "../case/case.js";
import type { Finding } from "../findings/finding.js";
import { deleteRules } from "./candidates/deleteRules.js";
import { fixMissingEndpointRule, fixOrphanEndpointRule } from "./endpointRuleFixes.js";
import type { Fix } from "./fix.js";
import { fixContradictingRules, fixUnreachableRule } from "./lostAnswerFixes.js";
import { fixNoMainRule } from "./mainRuleFixes.js";
import { fixNoLocalRule, fixRuleBeforeLocal } from "./ownAddressFixes.js";
import { fixShadowingRule } from "./shadowingRuleFixes.js";
import { fixSourceRefusal } from "./sourceRefusalFixes.js";
import { fixStateChanged } from "./stateChangedFixes.js";
import { tidyRules } from "./tidyRules.js";
import { fixUnresolvedGoto } from "./unresolvedGotoFixes.js";

/** The fixes of a finding, best first; empty where there is none that holds. */
export function fixesFor(node: CaseNode, finding: Finding): Fix[] {
  const { data } = finding;
  switch (data.code) {
    case "shadowing-rule":
      return fixShadowingRule(node, finding, data);
    case "rule-before-local":
      return fixRuleBeforeLocal(node, finding, data.rule, data.local, data.addresses);
    case "no-local-rule":
      return fixNoLocalRule(node, finding, data.family);
    case "no-main-rule":
      return fixNoMainRule(node, finding, data.family);
    case "unreachable-rule":
      return fixUnreachableRule(node, finding, data.rule, data.by, data.example !== undefined);
    case "contradicting-rules":
      return fixContradictingRules(node, finding, data.rule, data.rival);
    case "duplicate-rule":
      return tidyRules(node, finding, data.kept, [
        deleteRules(data.duplicates, [`Rule ${data.kept.priority} stays and does the same.`]),
      ]);
    case "redundant-rule":
      return tidyRules(node, finding, data.rule, [
        deleteRules([data.rule], [`Rule ${data.by.priority} stays and asks the same table.`]),
      ]);
    case "empty-table":
      return tidyRules(node, finding, data.rule, [
        deleteRules(
          [data.rule, ...data.others],
          ["The table has no route, so nothing is missed now; if its routes are to come back, the rule has to stay."],
        ),
      ]);
    case "never-matches":
      return tidyRules(node, finding, data.rule, [
        deleteRules([data.rule], ["No packet meets the rule now; it may be there for a device that is to come."]),
      ]);
    case "unresolved-goto":
      return fixUnresolvedGoto(node, finding, data.rule);
    case "missing-endpoint-rule":
      return fixMissingEndpointRule(node, finding, data.address, data.lacking);
    case "orphan-endpoint-rule":
      return fixOrphanEndpointRule(node, finding, data.address, data.rules);
    case "state-changed":
      return fixStateChanged(node, finding, data.difference);
    case "rp-filter-drop":
    case "source-validation-drop":
      return fixSourceRefusal(node, finding, data.refusal);
    default:
      return [];
  }
}

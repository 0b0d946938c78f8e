import type { CaseNode } from "../case/case.js";
import type { Finding } from "../findings/finding.js";
import type { Fix } from "./fix.js";
import { fixShadowingRule } from "./shadowingRuleFixes.js";

/** The fixes of a finding, best first; empty where there is none that holds. */
export function fixesFor(node: CaseNode, finding: Finding): Fix[] {
  return fixShadowingRule(node, finding);
}

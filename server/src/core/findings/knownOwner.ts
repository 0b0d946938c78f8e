import { ruleOwner } from "../cilium/ruleOwners.js";
import type { Rule } from "../iproute/rule.js";

/** Whether a piece of software is known to install such a rule, and not just anyone with several interfaces. */
export function hasKnownOwner(rule: Rule): boolean {
  const confidence = ruleOwner(rule)?.confidence;
  return confidence === "certain" || confidence === "likely";
}

/** Whether its owner means a rule to take every packet that it matches, whatever more specific routes there are. */
export function takesOnPurpose(rule: Rule): boolean {
  const owner = ruleOwner(rule);
  return owner !== undefined && (owner.confidence === "certain" || owner.takesAll === true);
}

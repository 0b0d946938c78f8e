import type { CaseNode } from "../../case/case.js";
import { type Family, familyBits, formatAddress } from "../../net/address.js";
import { lackedRules, siblingPattern } from "../pods/siblingPattern.js";
import type { Shadow } from "./shadowsIn.js";

/** By pod, the priority of the rule to it that all of its siblings have and it has not. */
function lackedPriorities(node: CaseNode, family: Family): ReadonlyMap<string, number> {
  const pattern = siblingPattern(node, family);
  if (!pattern) return new Map();
  return new Map(
    pattern.withoutRules.flatMap((pod) => {
      const lacked = lackedRules(pod, pattern).find(({ from }) => !from);
      return lacked ? [[formatAddress(pod.address), lacked.priority] as const] : [];
    }),
  );
}

/**
 * What rules take away, without the pods that lack the very rule which would have their packets first: `missing-endpoint-rule` says that
 * once, while every other pod's source rule would seem to be at fault.
 */
export function withoutLackingPods(node: CaseNode, family: Family, shadows: readonly Shadow[]): readonly Shadow[] {
  const lacked = shadows.length > 0 ? lackedPriorities(node, family) : undefined;
  if (!lacked || lacked.size === 0) return shadows;
  return shadows.map((shadow) => {
    const losses = shadow.losses.filter(({ route: { dst } }) => {
      const priority = dst.length === familyBits(family) ? lacked.get(formatAddress(dst)) : undefined;
      return priority === undefined || priority >= shadow.rule.priority;
    });
    // The rules alike take packets away from the first route; of the others nothing is known.
    return { ...shadow, losses, alike: losses[0] === shadow.losses[0] ? shadow.alike : [] };
  });
}

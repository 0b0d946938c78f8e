import type { Rule } from "../../iproute/rule.js";
import { formatPrefix } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import { prioritiesBefore } from "../priorityGap.js";
import { ruleLike } from "./ruleFor.js";
import type { Wanted } from "./wantedRoutes.js";

/** Prefixes in words; the first few where there are many. */
export function listPrefixes(wanted: readonly Wanted[]): string {
  const shown = wanted.slice(0, 4).map(({ to }) => formatPrefix(to));
  const more = wanted.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more prefixes` : shown.join(" and ");
}

/** Above this many, such rules are nothing that a person would write and keep in step. */
export const mostPrefixes = 16;

/**
 * A rule for each prefix that another rule takes, before it, to the table that holds the prefix's route.
 *
 * @param model a rule with the selectors that the new ones get
 */
export function narrowRule(
  state: NodeState,
  rule: Rule,
  model: Rule,
  wanted: readonly Wanted[],
): Candidate | undefined {
  if (wanted.length > mostPrefixes) return undefined;
  const [first] = wanted;
  const chosen = first && prioritiesBefore(state, rule, wanted.length);
  if (!chosen) return undefined;
  const { table } = first;
  return {
    kind: "narrow",
    title: `Look up ${listPrefixes(wanted)} in table ${table.name ?? table.id} before rule ${rule.priority}`,
    changes: wanted.map((each, index) => ({
      type: "add-rule",
      rule: ruleLike(model, chosen.priorities[index] ?? 0, each.table, { to: each.to }),
    })),
    notes: [
      wanted.some(({ isPodRange }) => isPodRange)
        ? "Changes these destinations only. A pod prefix that the cluster adds later needs a rule of its own."
        : "Changes these destinations only.",
      chosen.why,
    ],
  };
}

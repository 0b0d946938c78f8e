import type { Rule } from "../../iproute/rule.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import { prioritiesBefore } from "../priorityGap.js";
import { ruleLike } from "./ruleFor.js";
import type { Wanted } from "./wantedRoutes.js";

/**
 * A rule before another one, for the same packets, that looks up every route but the default of the table it takes packets away from
 * (`suppress_prefixlength 0`).
 *
 * @param model a rule with the selectors that the new one gets
 */
export function specificFirst(
  state: NodeState,
  rule: Rule,
  model: Rule,
  wanted: readonly Wanted[],
): Candidate | undefined {
  const [first] = wanted;
  const chosen = prioritiesBefore(state, rule, 1);
  if (!first || !chosen || wanted.some(({ table }) => table.id !== first.table.id)) return undefined;
  const { table } = first;
  return {
    kind: "specific-first",
    title: `Let every route of table ${table.name ?? table.id} but its default go before rule ${rule.priority}`,
    changes: [
      {
        type: "add-rule",
        rule: ruleLike(model, chosen.priorities[0] ?? 0, table, { suppressPrefixLength: 0 }),
      },
    ],
    notes: [
      "Ages better: routes that are added to the table later, for new nodes or pod prefixes, are found without another rule.",
      "Changes more: every specific route of the table goes before the rule, and an `unreachable default` in it would end the look-up here.",
      "Needs Linux 3.12 or newer (suppress_prefixlength).",
      chosen.why,
    ],
  };
}

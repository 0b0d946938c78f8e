import type { CaseNode } from "../../case/case.js";
import { fibOf } from "../../fib/fibOf.js";
import { printRule } from "../../iproute/printRule.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { type NodeState, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { groupBy } from "../groupBy.js";
import { confidenceIn, families, wordsForRule } from "../ruleEvidence.js";
import { rulesBySelector, selectorKey } from "./sameSelector.js";

/** A text that two rules share if they do the same with the same packets. */
function ruleKey(state: NodeState, rule: Rule): string {
  const { action } = rule;
  const id = action.type === "lookup" ? tableId(state, action.table) : undefined;
  const table: Rule["action"] = id === undefined ? action : { type: "lookup", table: { id } };
  const { suppressIfGroup = "", suppressPrefixLength = "" } = rule;
  const bare: Rule = {
    family: rule.family,
    priority: 0,
    not: false,
    action: table,
    place: rule.place,
    incomplete: false,
  };
  return `${selectorKey(rule)} ${printRule(bare)} ${suppressPrefixLength} ${suppressIfGroup}`;
}

/** The rules of a family that do the same with the same packets, in the order of the list; groups of one are left out. */
export function duplicatesIn(state: NodeState, family: Family): Rule[][] {
  return rulesBySelector(state, family).flatMap((alike) => {
    const groups = groupBy(alike, (rule) => ruleKey(state, rule));
    return [...groups.values()].filter(({ length }) => length > 1);
  });
}

function findingFor(node: CaseNode, [kept, first, ...others]: readonly Rule[]): Finding | undefined {
  if (!kept || !first) return undefined;
  const count = others.length === 0 ? "" : `, and so do ${others.length} more`;
  return {
    code: "duplicate-rule",
    severity: "information",
    confidence: confidenceIn(node, first.family, [kept, first]),
    place: first.place,
    message: `This rule does the same as ${wordsForRule(kept)}${count}: one of them is enough. Something adds it again without looking whether it is there.`,
    related: [
      { place: kept.place, message: "The first of them" },
      ...others.map(({ place }) => ({ place, message: "The same once more" })),
    ],
    data: { code: "duplicate-rule", kept, duplicates: [first, ...others] },
  };
}

/** A jump may lead past the first of two rules, so the second isn't idle; or its target is the second. One that leads nowhere does neither. */
function hasJumps(state: NodeState, family: Family): boolean {
  return fibOf(state, family).jumps.length > 0;
}

function check(node: CaseNode): Finding[] {
  return families
    .filter((family) => !hasJumps(node.state, family))
    .flatMap((family) =>
      duplicatesIn(node.state, family).flatMap((group) => {
        const whole = group.filter(
          ({ action, incomplete }) => !incomplete && action.type !== "nop" && action.type !== "goto",
        );
        return findingFor(node, whole) ?? [];
      }),
    );
}

/** Two rules with the same selector and the same action. */
export const duplicateRule: FindingKind = {
  code: "duplicate-rule",
  defaultSeverity: "information",
  meaning: "Two or more rules compare the same and do the same, so all but one have no effect.",
  silentWhen: [
    "They differ in a suppressor, or one of them can't be read whole.",
    "The list has a `goto` that leads somewhere, perhaps past the first of them.",
  ],
  example: `100: from 192.0.2.7 lookup 200
101: from 192.0.2.7 lookup 200`,
  check,
};

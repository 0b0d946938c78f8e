import { wordsForTable } from "../../fib/decisionWords.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { collides } from "../../state/editRoutes.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Candidate } from "../candidate.js";
import { listPrefixes, mostPrefixes } from "./narrowRule.js";
import { ownTable } from "./ownTable.js";
import { nowhere } from "./ruleFor.js";
import type { Wanted } from "./wantedRoutes.js";

/** Throw routes in a rule's own table: for these destinations the look-up goes on with the next rule. */
export function throwRoute(state: NodeState, rule: Rule, wanted: readonly Wanted[]): Candidate | undefined {
  const table = ownTable(state, rule);
  if (!table || wanted.length === 0 || wanted.length > mostPrefixes) return undefined;
  const { id, name } = table;
  const routes = wanted.map(
    ({ to }): Route => ({
      family: rule.family,
      type: "throw",
      dst: to,
      nexthops: [],
      table: { id, ...(name === undefined ? {} : { name }) },
      place: nowhere,
    }),
  );
  if (routes.some((route) => table.routes.some((other) => collides(other, route)))) return undefined;
  return {
    kind: "throw-route",
    title: `Have ${wordsForTable(table)} pass ${listPrefixes(wanted)} on to the next rule`,
    changes: routes.map((route) => ({ type: "add-route", route })),
    notes: [
      "Needs no further rule, and holds for every rule that looks up this table.",
      "The look-up goes on with all later rules: an address of the prefix that no more specific route covers takes their default route.",
    ],
  };
}

import type { CaseNode } from "../../case/case.js";
import { tableOwner } from "../../cilium/tableOwners.js";
import { wordsForTable } from "../../fib/decisionWords.js";
import type { Rule } from "../../iproute/rule.js";
import { reservedTables, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { groupBy } from "../groupBy.js";
import { hasKnownOwner } from "../knownOwner.js";
import { families } from "../ruleEvidence.js";

/** Tables that are empty, or filled by the kernel, on every node. */
const usuallyEmpty: ReadonlySet<number> = new Set([
  reservedTables.local,
  reservedTables.default,
  reservedTables.unspec,
]);

function emptyTableOf(node: CaseNode, rule: Rule): number | undefined {
  if (rule.action.type !== "lookup" || rule.l3mdev) return undefined;
  const id = tableId(node.state, rule.action.table);
  if (id === undefined || usuallyEmpty.has(id)) return undefined;
  const { tables, allTablesDumped } = node.state.families[rule.family];
  const table = tables.get(id);
  const empty = table ? table.routes.length === 0 && table.origin !== "partial" : allTablesDumped === true;
  // Owners fill and clear their tables as they need them.
  return empty && !hasKnownOwner(rule) && !tableOwner(id) ? id : undefined;
}

function findingFor([first, ...others]: readonly Rule[]): Finding | undefined {
  if (first?.action.type !== "lookup") return undefined;
  const table = wordsForTable(first.action.table);
  const rules =
    others.length === 0 ? `rule ${first.priority} does` : `rule ${first.priority} and ${others.length} more do`;
  return {
    code: "empty-table",
    severity: "information",
    confidence: "confirmed",
    place: first.place,
    message: `There are no routes in ${table}, so ${rules} nothing: packets go on to the next rules. Whoever should fill the table has not done so, or something emptied it.`,
    related: others.map(({ priority, place }) => ({ place, message: `Rule ${priority} looks it up, too` })),
    data: { code: "empty-table", rule: first, others },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const byTable = groupBy(node.state.families[family].rules ?? [], (rule) => emptyTableOf(node, rule));
    return [...byTable].flatMap(([id, rules]) => (id === undefined ? [] : (findingFor(rules) ?? [])));
  });
}

/** A rule looks up a table without routes. */
export const emptyTable: FindingKind = {
  code: "empty-table",
  defaultSeverity: "information",
  meaning: "The rule's table is known to have no routes, so the rule does nothing.",
  silentWhen: [
    "The table was not dumped, or not whole.",
    "It is `default`, which is empty on most nodes, or a table that a known owner fills when it is needed.",
  ],
  example: `100: from 192.0.2.7 lookup 200    (and "ip route show table 200" says: FIB table does not exist)`,
  check,
};

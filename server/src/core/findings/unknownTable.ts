import type { CaseNode } from "../case/case.js";
import { ruleOwner } from "../cilium/ruleOwners.js";
import { wordsForTable } from "../fib/decisionWords.js";
import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import { reservedTables, tableId } from "../state/nodeState.js";
import type { Finding, FindingKind } from "./finding.js";

/** Tables whose contents the kernel keeps itself, or that are empty unless someone fills them by name. */
const selfKept: ReadonlySet<number> = new Set([reservedTables.local, reservedTables.default]);

function isUnknown(node: CaseNode, rule: Rule): boolean {
  if (rule.action.type !== "lookup" || rule.l3mdev) return false;
  const id = tableId(node.state, rule.action.table);
  if (id === undefined) return true;
  return !selfKept.has(id) && !node.state.families[rule.family].tables.has(id);
}

function findingFor(rule: Rule): Finding | undefined {
  if (rule.action.type !== "lookup") return undefined;
  const { table } = rule.action;
  const option = rule.family === 6 ? "ip -6" : "ip";
  const command = `${option} route show table ${table.name ?? table.id ?? ""}`;
  return {
    code: "unknown-table",
    severity: "information",
    confidence: "confirmed",
    place: rule.place,
    message: `Rule ${rule.priority} looks up ${wordsForTable(table)}, which no dump of this folder shows: what it does with a packet can't be told. Run \`${command}\` and add its output.`,
    related: [],
    data: { code: "unknown-table", rule, command },
  };
}

/** A rule looks up a table that was not dumped. */
export const unknownTable: FindingKind = {
  code: "unknown-table",
  defaultSeverity: "information",
  meaning: "The rule's table was not dumped, so what the rule does is not known; names the command that shows it.",
  silentWhen: [
    "The table is `local` or `default`.",
    "The rule is one of a known owner whose table always holds the same (Cilium's 2004 and 2005).",
  ],
  example: `30000: from 192.0.2.7 lookup 200    (and no output of "ip route show table 200")`,
  check: (node: CaseNode) =>
    ([4, 6] as Family[]).flatMap((family) =>
      (node.state.families[family].rules ?? [])
        .filter((rule) => isUnknown(node, rule) && ruleOwner(rule)?.confidence !== "certain")
        .flatMap((rule) => findingFor(rule) ?? []),
    ),
};

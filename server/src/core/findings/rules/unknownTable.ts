import type { CaseNode } from "../../case/case.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { wordsForTable } from "../../fib/decisionWords.js";
import { tableWord } from "../../iproute/names.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { reservedTables, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";

/** Tables whose contents the kernel keeps itself, or that are empty unless someone fills them by name. */
const selfKept: ReadonlySet<number> = new Set([reservedTables.local, reservedTables.default]);

function isUnknown(node: CaseNode, rule: Rule): boolean {
  if (rule.action.type !== "lookup" || rule.l3mdev) return false;
  const id = tableId(node.state, rule.action.table);
  if (id === undefined) return true;
  return !selfKept.has(id) && !node.state.families[rule.family].tables.has(id);
}

/** One finding for each table, on the first rule that looks it up. */
function findingFor([first, ...others]: readonly Rule[]): Finding | undefined {
  if (first?.action.type !== "lookup") return undefined;
  const { table } = first.action;
  const command = `${first.family === 6 ? "ip -6" : "ip"} route show table ${tableWord(table)}`;
  const rules =
    others.length === 0 ? `Rule ${first.priority} looks` : `Rule ${first.priority} and ${others.length} more look`;
  return {
    code: "unknown-table",
    severity: "information",
    confidence: "confirmed",
    place: first.place,
    message: `${rules} up ${wordsForTable(table)}, which no dump of this folder shows: what becomes of a packet there can't be told. Run \`${command}\` and add its output.`,
    related: others.map(({ priority, place }) => ({ place, message: `Rule ${priority} looks it up, too` })),
    data: { code: "unknown-table", rule: first, command },
  };
}

function check(node: CaseNode): Finding[] {
  return ([4, 6] as Family[]).flatMap((family) => {
    const byTable = new Map<string, Rule[]>();
    for (const rule of node.state.families[family].rules ?? []) {
      if (rule.action.type !== "lookup" || !isUnknown(node, rule) || ruleOwner(rule)?.confidence === "certain")
        continue;
      const table = tableWord(rule.action.table);
      byTable.set(table, [...(byTable.get(table) ?? []), rule]);
    }
    return [...byTable.values()].flatMap((rules) => findingFor(rules) ?? []);
  });
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
  check,
};

import { tableWord } from "../iproute/names.js";
import type { TableRef } from "../iproute/rule.js";
import { formatAddress } from "../net/address.js";
import type { Table } from "../state/nodeState.js";
import type { CompiledTable } from "./compiledTable.js";
import type { CompiledRule, Fib } from "./compileFib.js";
import type { TableAnswer } from "./tableAnswer.js";
import { assume, type MissingEvidence, type Walk } from "./walkState.js";

/** A table by its number: undefined where it is known not to exist, "unknown" where nobody dumped it. */
function tableById(fib: Fib, id: number | undefined): CompiledTable | "unknown" | undefined {
  const table = id === undefined ? undefined : fib.tables.get(id);
  if (table) return table.table.origin === "absent" ? undefined : table;
  return fib.familyState.allTablesDumped && id !== undefined ? undefined : "unknown";
}

/** The table a rule looks up: undefined where it is known not to exist, missing evidence where nobody dumped it. */
export function findTable(fib: Fib, { rule, tableId }: CompiledRule): CompiledTable | MissingEvidence | undefined {
  const table = tableById(fib, tableId);
  if (table !== "unknown") return table;
  const ref = rule.action.type === "lookup" ? rule.action.table : {};
  const name = ref.name ?? ref.id;
  if (name === undefined) {
    const missing = `What rule ${rule.priority} does could not be read.`;
    return { type: "missing", missing, command: ruleCommand(fib) };
  }
  return { type: "missing", missing: `Table ${name} was not dumped.`, command: `${ip(fib)} route show table ${name}` };
}

/** The table that `lookup [l3mdev-table]` means for a packet, which is that of its VRF; only `ip -d link` tells its number. */
export function findVrfTable({ fib, vrf }: Walk): CompiledTable | MissingEvidence | undefined {
  if (vrf === undefined)
    return { type: "missing", missing: "The table of the VRF is not known.", command: "ip -d link show type vrf" };
  const id = fib.vrfs.tableOf(vrf);
  if (id === undefined)
    return { type: "missing", missing: `The table of VRF ${vrf} is not known.`, command: `ip -d link show ${vrf}` };
  const table = tableById(fib, id);
  if (table !== "unknown") return table;
  const missing = `Table ${id}, that of VRF ${vrf}, was not dumped.`;
  return { type: "missing", missing, command: `${ip(fib)} route show table ${id}` };
}

/** Notes that a flow was taken to be outside of all VRFs, where the links don't show its device. */
export function noteVrf(walk: Walk): void {
  const { flow } = walk;
  const device = flow.oif ?? flow.iif;
  const { links, linksComplete } = walk.fib.state;
  if (device === "lo" || linksComplete || (device !== undefined && links.has(device))) return;
  if (device === undefined) assume(walk, "the packet came in by a device of no VRF", "ip -d link show type vrf");
  else assume(walk, `${device} is in no VRF`, `ip -d link show ${device}`);
}

/** Whether a table's answers rest on nothing but what was dumped. */
export function isCertain({ origin, exact }: Table): boolean {
  return origin === "dumped" || origin === "absent" || (origin === "derived" && exact);
}

/** Notes what an answer of a table rests on, where the table is not wholly known. */
export function noteEvidence(walk: Walk, table: Table, answer: TableAnswer): void {
  if (isCertain(table)) return;
  const { fib, flow } = walk;
  const dst = formatAddress(flow.dst);
  const found = answer.type === "found" || answer.type === "error";
  if (table.origin === "derived") {
    // The local table holds nothing but own and broadcast addresses, so what is not known to be one is a matter of that alone.
    if (!found) assume(walk, `${dst} is not one of the node's own addresses`, `${ip(fib)} route show table local`);
    return;
  }
  assume(
    walk,
    `the list of table ${tableWord(table)}, which is not whole, lacks no route for ${dst}`,
    routeCommand(fib, table),
  );
}

/** Notes what the list of rules leaves in doubt before any is compared. */
export function noteRuleList(walk: Walk): void {
  const { familyState } = walk.fib;
  const hidden = familyState.hiddenSelectors;
  if (hidden.length > 0) {
    assume(
      walk,
      `no rule has a selector that this version of ip does not print (${hidden.join(", ")})`,
      ruleCommand(walk.fib),
    );
  }
  if (!familyState.rulesComplete)
    assume(walk, "no rule stands before this one that was not dumped", ruleCommand(walk.fib));
}

/** The command that lists a family's rules. */
export function ruleCommand(fib: Fib): string {
  return `${ip(fib)} rule show`;
}

/** The command that lists a table. */
export function routeCommand(fib: Fib, table: TableRef): string {
  return `${ip(fib)} route show table ${tableWord(table)}`;
}

function ip(fib: Fib): string {
  return fib.family === 4 ? "ip" : "ip -6";
}

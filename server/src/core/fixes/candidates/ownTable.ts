import { tableOwner } from "../../cilium/tableOwners.js";
import type { Rule } from "../../iproute/rule.js";
import { type NodeState, reservedTables, type Table, tableId } from "../../state/nodeState.js";

const reserved: ReadonlySet<number> = new Set(Object.values(reservedTables));

/**
 * The table that a rule looks up, where an administrator may add routes to it: it was dumped, and belongs neither to the kernel nor to a
 * program that keeps it as it wants it.
 */
export function ownTable(state: NodeState, { action, family }: Rule): Table | undefined {
  const id = action.type === "lookup" ? tableId(state, action.table) : undefined;
  if (id === undefined || id < 0 || reserved.has(id) || tableOwner(id)) return undefined;
  const table = state.families[family].tables.get(id);
  return table?.origin === "dumped" ? table : undefined;
}

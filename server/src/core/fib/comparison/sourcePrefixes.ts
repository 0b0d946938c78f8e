import type { Prefix } from "../../net/prefix.js";
import { type CompiledTable, sourceLength } from "../compiledTable.js";

const known = new WeakMap<CompiledTable, readonly Prefix[]>();

/** The sources that routes of a table are for, where they are not for all: IPv6 has such. Looked for once in each table. */
export function sourcePrefixes(table: CompiledTable): readonly Prefix[] {
  const prefixes =
    known.get(table) ??
    table.index.items.flatMap((route) => (route.from && sourceLength(route) > 0 ? [route.from] : []));
  known.set(table, prefixes);
  return prefixes;
}

import type { Route } from "../iproute/route.js";
import { samePrefix } from "../net/prefix.js";
import { type NodeState, type Table, tableId } from "./nodeState.js";

function withTable(state: NodeState, family: Route["family"], table: Table): NodeState {
  const before = state.families[family];
  const tables = new Map(before.tables).set(table.id, table);
  return { ...state, families: { ...state.families, [family]: { ...before, tables } } };
}

/** Whether two routes stand for one another in a table: `ip route add` refuses the second (net/ipv4/fib_trie.c: fib_table_insert). */
export function collides(a: Route, b: Route): boolean {
  return samePrefix(a.dst, b.dst) && (a.metric ?? 0) === (b.metric ?? 0) && (a.tos ?? 0) === (b.tos ?? 0);
}

/**
 * The state after `ip route add`: the route stands in the table it names, which is made where it is known not to exist. The state itself
 * where the table was not dumped: what else it holds is not known, so nothing can be said of it.
 */
export function addRoute(state: NodeState, route: Route): NodeState {
  const { tables, allTablesDumped } = state.families[route.family];
  const id = tableId(state, route.table);
  const table = id === undefined ? undefined : tables.get(id);
  if (id === undefined || (!table && !allTablesDumped)) return state;
  const { name } = route.table;
  const origin = !table || table.origin === "absent" ? "dumped" : table.origin;
  const made: Table = table ?? { id, ...(name === undefined ? {} : { name }), routes: [], origin, exact: true };
  return withTable(state, route.family, { ...made, origin, routes: [...made.routes, route] });
}

/** The state without this very route (the object in `state`). */
export function removeRoute(state: NodeState, route: Route): NodeState {
  const id = tableId(state, route.table);
  const table = id === undefined ? undefined : state.families[route.family].tables.get(id);
  if (!table) return state;
  return withTable(state, route.family, { ...table, routes: table.routes.filter((other) => other !== route) });
}

import type { Fib } from "../../fib/compileFib.js";
import { allAddresses, prefixRange, subtractAddresses } from "../../fib/reach/addressRanges.js";
import { allNumbers, type FlowBox } from "../../fib/reach/flowBox.js";
import { intersectSets, subtractSet } from "../../fib/valueSet.js";
import type { Route } from "../../iproute/route.js";
import { containsPrefix, type Prefix } from "../../net/prefix.js";
import type { Table } from "../../state/nodeState.js";

/**
 * What routes around a prefix and inside it ask of packets besides the destination, a tos or an IPv6 source: of each, the packets that
 * have it and those that have not, so that neither side counts as the better one.
 */
export function routeCuts({ familyState }: Fib, around: Prefix): FlowBox[] {
  const routes = [...familyState.tables.values()]
    .flatMap(askingRoutes)
    .filter(({ dst }) => containsPrefix(dst, around) || containsPrefix(around, dst));
  const asked = new Map(routes.map(({ tos, from }) => [`${tos} ${from?.value} ${from?.length}`, { tos, from }]));
  return [...asked.values()].flatMap(({ tos, from }) => [...tosCuts(tos), ...sourceCuts(from)]);
}

const known = new WeakMap<Table, readonly Route[]>();

/** The routes of a table that ask for more than the destination. Looked for once. */
export function askingRoutes(table: Table): readonly Route[] {
  let routes = known.get(table);
  if (!routes) {
    routes = table.routes.filter(({ tos, from }) => tos || (from && from.length > 0));
    known.set(table, routes);
  }
  return routes;
}

/** IPv4 compares the old TOS bits only (net/ipv4/fib_trie.c: fib_table_lookup by INET_DSCP_LEGACY_TOS_MASK). */
function tosCuts(tos: number | undefined): FlowBox[] {
  if (!tos) return [];
  const all = allNumbers("tos");
  const having = intersectSets(all, [{ value: tos & 0xff, mask: 0x1c }]);
  return [{ numbers: { tos: having } }, { numbers: { tos: subtractSet(all, having) } }];
}

function sourceCuts(from: Prefix | undefined): FlowBox[] {
  if (!from || from.length === 0) return [];
  const addresses = [prefixRange(from)];
  const others = subtractAddresses(allAddresses(from.family), addresses);
  return [
    { src: { addresses, none: false }, numbers: {} },
    { src: { addresses: others, none: true }, numbers: {} },
  ];
}

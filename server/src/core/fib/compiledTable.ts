import type { Nexthop, Route, RouteType } from "../iproute/route.js";
import type { Family } from "../net/address.js";
import { deviceSysctl } from "../state/deviceSysctl.js";
import { familyChange } from "../state/familyChange.js";
import type { NodeState, Table } from "../state/nodeState.js";
import { networkWord } from "./addressKey.js";
import { buildPrefixIndex, itemsOf, type PrefixIndex, patchPrefixIndex } from "./prefixIndex.js";
import type { AddressSet } from "./reach/addressRanges.js";

/** A table made ready for look-ups. */
export interface CompiledTable {
  readonly table: Table;
  readonly index: PrefixIndex<Route>;
  /** For each item of the index, 1 if it is found whatever the flow: no tos, one sound nexthop, nothing that refuses or is in doubt. */
  readonly plain: Uint8Array;
  /** Whether a nexthop can carry packets at all. */
  readonly usable: (nexthop: Nexthop) => boolean;
  /** What `endingDestinations` found out about the table, by what a rule asks of it. */
  readonly endings: Map<string, AddressSet>;
  /** IPv6: whether the kernel may pass over a gateway whose neighbour entry has failed (it does on hosts, not on routers). */
  readonly probesGateways: boolean;
}

interface KeptTable {
  readonly sysctls: NodeState["sysctls"];
  readonly compiled: CompiledTable;
}

const kept = new WeakMap<Table, KeptTable>();

/**
 * A table made ready for look-ups, made once: a state in which only rules were changed has the same tables, and whoever tries a fix
 * makes many such states. Besides the table, the answer depends on the sysctls.
 */
export function compiledTable(state: NodeState, family: Family, table: Table): CompiledTable {
  const known = kept.get(table);
  if (known?.sysctls === state.sysctls) return known.compiled;
  const compiled = carryTable(state, family, table) ?? compileTable(state, family, table);
  kept.set(table, { sysctls: state.sysctls, compiled });
  return compiled;
}

/** Made out of the same table of the earlier state, whose routes may stand elsewhere in the text, and a few of which may be gone or new. */
function carryTable(state: NodeState, family: Family, table: Table): CompiledTable | undefined {
  const change = familyChange(state, family);
  const before = change?.before.families[family].tables.get(table.id);
  const old = before && kept.get(before)?.compiled;
  // Not where stand-ins of old kernels were left out.
  if (!change || !old || old.index.items.length !== before.routes.length || hasNullEntry(family, table))
    return undefined;
  const usable = nexthopTest(state, family);
  const routes = change.routes.get(table.id);
  if (routes && change.tables.has(table.id)) {
    return {
      ...old,
      ...indexed(patchPrefixIndex(old.index, table.routes, routes, compareRoutes(family))),
      table,
      usable,
    };
  }
  const items = itemsOf(table.routes, old.index.order);
  return { ...old, table, index: { ...old.index, items }, usable };
}

/** Prepares a table. Stand-ins of old kernels for "no route" are left out. */
function compileTable(state: NodeState, family: Family, table: Table): CompiledTable {
  const routes = hasNullEntry(family, table) ? table.routes.filter((route) => !isNullEntry(route)) : table.routes;
  return {
    table,
    ...indexed(buildPrefixIndex(routes, compareRoutes(family))),
    usable: nexthopTest(state, family),
    probesGateways: family === 6 && state.sysctls.get("net.ipv6.conf.all.forwarding")?.value.trim() !== "1",
  };
}

function indexed(index: PrefixIndex<Route>): Pick<CompiledTable, "index" | "plain" | "endings"> {
  return { index, plain: markPlain(index.items), endings: new Map() };
}

/**
 * The one trie that IPv4 has for `local` and `main` while no rule was ever added (net/ipv4/fib_trie.c: fib_trie_table). At
 * the same prefix, local routes stand first.
 */
export function compileMergedTable(state: NodeState, local: Table, main: Table): CompiledTable {
  const localRoutes = new Set(local.routes);
  const rank = (route: Route) => (localRoutes.has(route) ? 0 : 1);
  const routes = interleave([...local.routes].sort(byDestination), main.routes);
  const index = buildPrefixIndex(routes, (a, b) => rank(a) - rank(b) || compareRoutes4(a, b));
  return { table: main, ...indexed(index), usable: nexthopTest(state, 4), probesGateways: false };
}

/** By first address, then length: the order in which the kernel lists IPv4 routes. */
function byDestination({ dst: a }: Route, { dst: b }: Route): number {
  return networkWord(a) - networkWord(b) || a.length - b.length;
}

/** Puts the few routes of a sorted list where they belong among the many of another one; sorting all again would take seconds. */
function interleave(few: readonly Route[], many: readonly Route[]): Route[] {
  const routes: Route[] = [];
  let at = 0;
  for (const route of many) {
    for (let next = few[at]; next && byDestination(next, route) <= 0; next = few[at]) {
      routes.push(next);
      at++;
    }
    routes.push(route);
  }
  return routes.concat(few.slice(at));
}

const routedTypes: ReadonlySet<RouteType> = new Set(["unicast", "local", "broadcast"]);

function markPlain(routes: readonly Route[]): Uint8Array {
  const plain = new Uint8Array(routes.length);
  routes.forEach((route, at) => {
    plain[at] = isPlain(route);
  });
  return plain;
}

function isPlain({ type, tos, nexthops, incomplete }: Route): number {
  return !tos && !incomplete && nexthops.length === 1 && nexthops[0]?.flags.length === 0 && routedTypes.has(type)
    ? 1
    : 0;
}

function compareRoutes(family: Family): (a: Route, b: Route) => number {
  return family === 4 ? compareRoutes4 : compareRoutes6;
}

/** At one prefix: higher tos first, then lower metric (net/ipv4/fib_trie.c: fib_find_alias). */
function compareRoutes4(a: Route, b: Route): number {
  return (b.tos ?? 0) - (a.tos ?? 0) || (a.metric ?? 0) - (b.metric ?? 0);
}

/** At one prefix: the longer source prefix first, then lower metric (net/ipv6/ip6_fib.c: fib6_add, fib6_add_rt2node). */
function compareRoutes6(a: Route, b: Route): number {
  return sourceLength(b) - sourceLength(a) || compareSources(a, b) || metric6(a) - metric6(b);
}

function compareSources(a: Route, b: Route): number {
  const left = a.from?.value ?? 0n;
  const right = b.from?.value ?? 0n;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** The length of an IPv6 route's source prefix, 0 for a route for every source. */
export function sourceLength(route: Route): number {
  return route.from?.length ?? 0;
}

/** An IPv6 route's metric. Dumps print it, except for local routes of some versions; 0 then. */
export function metric6(route: Route): number {
  return route.metric ?? 0;
}

function hasNullEntry(family: Family, { routes }: Table): boolean {
  return family === 6 && routes.some(isNullEntry);
}

/** `unreachable default dev lo metric 4294967295 error -101`: how kernels before 4.15 list the absence of a default route. */
function isNullEntry(route: Route): boolean {
  return route.type === "unreachable" && route.dst.length === 0 && route.metric === 0xffffffff;
}

/** A dead nexthop is out; one without carrier is out where its device says so (fib_lookup_good_nhc, find_match). */
function nexthopTest(state: NodeState, family: Family): (nexthop: Nexthop) => boolean {
  const ignoring = new Map<string, boolean>();
  const ignoresLinkdown = (device: string) => {
    const known = ignoring.get(device);
    if (known !== undefined) return known;
    const { all, device: own } = deviceSysctl(state, family, device, "ignore_routes_with_linkdown");
    const ignores = all === 1 || own === 1;
    ignoring.set(device, ignores);
    return ignores;
  };
  return ({ flags, dev }) =>
    flags.length === 0 || !(flags.includes("dead") || (flags.includes("linkdown") && ignoresLinkdown(dev ?? "")));
}

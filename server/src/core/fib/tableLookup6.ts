import type { Nexthop, Route } from "../iproute/route.js";
import type { Address } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import { addressKey, keysAgree } from "./addressKey.js";
import { type CompiledTable, metric6, sourceLength } from "./compiledTable.js";
import type { Assumption } from "./decision.js";
import { type Condition, testCondition } from "./openField.js";
import { longestMatch } from "./prefixLeaves.js";
import type { ComparedFlow } from "./selector.js";
import { noMatch, refusal, type TableAnswer } from "./tableAnswer.js";

/** The device that IPv6 wants a route to leave by: as a filter, or only to prefer it. */
interface WantedDevice {
  readonly name: string | undefined;
  readonly strict: boolean;
}

interface Choice {
  readonly score: number;
  readonly route: Route;
  readonly nexthops: readonly number[];
}

/**
 * Looks a flow up in one IPv6 table (net/ipv6/route.c: fib6_table_lookup): from the longest destination prefix to shorter ones,
 * at each the longest source prefix first; there the routes of the lowest metric by score, then all the others by score.
 */
export function lookupTable6(table: CompiledTable, compared: ComparedFlow, oif: string | null): TableAnswer {
  const { starts, items, parents } = table.index;
  const { src } = compared;
  const holdsSource = ({ from }: Route) => !from || from.length === 0 || keysAgree(addressKey(from), src, from.length);
  let entered = false;
  for (let leaf = longestMatch(table.index, compared.dst); leaf >= 0; leaf = parents[leaf] as number) {
    const end = starts[leaf + 1] as number;
    for (let at = starts[leaf] as number; at < end; ) {
      const first = items[at] as Route;
      const next = endOfGroup(items, at, end);
      // The search enters the tree at a prefix whose own source prefixes, if it has any, hold the source (fib6_node_lookup_1). One that
      // has some and none fits is left out with all its routes, save for the root, and only on the way in, not on the way up.
      const beginsLeaf = at === starts[leaf];
      if (beginsLeaf && !entered && sourceLength(first) > 0 && first.dst.length > 0) {
        if (!items.slice(at, end).some((route) => sourceLength(route) > 0 && holdsSource(route))) break;
      }
      entered = true;
      const answer = holdsSource(first) ? chooseRoute(table, items.slice(at, next), compared, oif) : undefined;
      if (answer) return answer;
      at = next;
    }
  }
  return noMatch;
}

/** Routes of one destination stand together by their source prefix. */
function endOfGroup(items: readonly Route[], start: number, end: number): number {
  const first = items[start] as Route;
  let at = start + 1;
  while (at < end) {
    const route = items[at] as Route;
    if (sourceLength(route) !== sourceLength(first) || route.from?.value !== first.from?.value) break;
    at++;
  }
  return at;
}

function chooseRoute(
  table: CompiledTable,
  routes: readonly Route[],
  compared: ComparedFlow,
  oif: string | null,
): TableAnswer | undefined {
  const open = openDevice(routes, compared, oif);
  if (open) return { type: "open", field: "iif", condition: open };
  const wanted = wantedDevice(compared, oif);
  const lowest = metric6(routes[0] as Route);
  const split = routes.findIndex((route) => metric6(route) !== lowest);
  const groups = split < 0 ? [routes] : [routes.slice(0, split), routes.slice(split)];
  for (const group of groups) {
    const choice = bestOf(table, group, wanted);
    if (!choice) continue;
    const refused = refusal(choice.route);
    if (refused) return refused;
    const { route, nexthops } = choice;
    const assumption = routes.length > 1 && table.probesGateways ? gatewayAssumption(route) : undefined;
    return assumption
      ? { type: "found", route, nexthops, assumptions: [assumption] }
      : { type: "found", route, nexthops };
  }
  return undefined;
}

function bestOf(table: CompiledTable, routes: readonly Route[], wanted: WantedDevice): Choice | undefined {
  let best: Choice | undefined;
  for (const route of routes) {
    const usable: number[] = [];
    let fitting = false;
    for (const [at, nexthop] of nexthopsOf(route).entries()) {
      if (!table.usable(nexthop)) continue;
      const fits = wanted.name === undefined || nexthop.dev === wanted.name;
      if (!fits && wanted.strict) continue;
      usable.push(at);
      fitting ||= fits;
    }
    const score = (preferences[route.pref ?? "medium"] << 2) | (fitting ? 2 : 0);
    if (usable.length === 0 || score <= (best?.score ?? -1)) continue;
    // Among the nexthops of one route the hash then chooses without regard to a device that is only preferred (fib6_select_path).
    best = { score, route, nexthops: route.nexthops.length > 0 ? usable : [] };
  }
  return best;
}

/** IPV6_DECODE_PREF of include/net/ip6_route.h. */
const preferences = { low: 1, medium: 2, high: 3 } as const;

/** Routes that refuse packets are bound to `lo` in the kernel, whether or not a dump shows it. */
function nexthopsOf(route: Route): readonly Nexthop[] {
  return route.nexthops.length > 0 ? route.nexthops : refusingNexthops;
}

const refusingNexthops: readonly Nexthop[] = [{ dev: "lo", flags: [] }];

/**
 * A bound socket, and an `oif` while no source is chosen, filter by device; with a source, `oif` of a request is only preferred
 * (ip6_route_output_flags). A packet that came in prefers its own device (ip6_pol_route_input), strictly so for link-local,
 * multicast and loopback destinations (rt6_need_strict).
 */
function wantedDevice({ flow, premises }: ComparedFlow, oif: string | null): WantedDevice {
  const scoped = needsScope(flow.dst);
  if (oif !== null) return { name: oif, strict: scoped || flow.src === null || !flow.oifRequested };
  const [assumed] = premises.iif ?? [];
  const iif = flow.iif ?? assumed;
  // An open device that is known to be none of the routes' own suits none of them: no name does that.
  return iif === "lo" ? { name: undefined, strict: false } : { name: iif ?? "", strict: scoped };
}

function needsScope(address: Address): boolean {
  const kind = addressKind(address);
  return kind === "link-local" || kind === "multicast" || kind === "loopback";
}

/** Where the incoming device is open and would decide between routes, the device it depends on. */
function openDevice(routes: readonly Route[], compared: ComparedFlow, oif: string | null): Condition | undefined {
  const { flow, premises } = compared;
  if (oif !== null || flow.iif !== undefined) return undefined;
  const devices = new Set(routes.flatMap((route) => nexthopsOf(route).map((nexthop) => nexthop.dev ?? "")));
  const scoped = needsScope(flow.dst);
  if (devices.size < 2 && !scoped) return undefined;
  // Where the device binds, a packet of this node's own, which wants none, is another case than one that came in by a strange device.
  if (scoped) devices.add("lo");
  for (const device of devices) {
    const condition: Condition = { field: "iif", devices: new Set([device]), words: `iif = ${device}` };
    if (testCondition(condition, flow, premises) === undefined) return condition;
  }
  return undefined;
}

/** A host (not a router) passes over a gateway whose neighbour entry has failed (rt6_check_neigh). */
function gatewayAssumption(route: Route): Assumption | undefined {
  return route.nexthops.some((nexthop) => nexthop.via)
    ? { text: "the gateway has not failed as a neighbour", command: "ip -6 neigh show" }
    : undefined;
}

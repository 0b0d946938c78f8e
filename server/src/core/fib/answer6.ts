import type { Nexthop } from "../iproute/route.js";
import { reservedTables } from "../state/nodeState.js";
import type { Fib } from "./compileFib.js";
import type { RouteDecision } from "./decision.js";
import { lookup } from "./lookup.js";
import { refuseBy } from "./refusedAnswer.js";
import type { AnswerHop, RouteAnswer } from "./routeAnswer.js";
import { queryFlow, type RouteQuery } from "./routeQuery.js";
import { sourceAddress6 } from "./sourceAddress6.js";

/**
 * The IPv6 answer (net/ipv6/route.c: inet6_rtm_getroute, rt6_fill_node), with `iif` or without. The kernel does nothing but the look-up:
 * it checks neither the source nor whether the node forwards.
 */
export function answer6(fib: Fib, query: RouteQuery): RouteAnswer {
  const decision = lookup(fib, queryFlow(query));
  if (decision.type !== "route") return refuseBy(query, decision);
  const { route, table, assumptions, nexthops } = decision;
  const hops = nexthops.map((at) => hopOf(fib, query, decision, route.nexthops[at]));
  return {
    type: "route",
    query,
    decision,
    assumptions,
    routeType: route.type,
    hops: hops.length > 0 ? hops : [hopOf(fib, query, decision, undefined)],
    ...(table.id !== reservedTables.main && { table }),
    route,
    cache: [],
  };
}

function hopOf(fib: Fib, query: RouteQuery, { route }: RouteDecision, nexthop: Nexthop | undefined): AnswerHop {
  const dev = route.type === "local" || route.type === "anycast" ? domainLoopback(fib, nexthop?.dev) : nexthop?.dev;
  const prefsrc =
    route.src ??
    (query.iif === undefined ? sourceAddress6([...fib.state.links.values()], nexthop?.dev, query.dst) : undefined);
  return {
    ...(nexthop?.via && { gateway: nexthop.via }),
    ...(dev !== undefined && { dev }),
    ...(prefsrc && { prefsrc }),
  };
}

/** Packets to the node itself go by `lo`, within a VRF by the VRF's device (ip6_rt_get_dev_rcu). */
function domainLoopback(fib: Fib, dev: string | undefined): string {
  return (dev === undefined ? undefined : fib.vrfs.of(dev)) ?? "lo";
}

import { type Family, formatAddress } from "../net/address.js";
import { formatPrefix, type Prefix } from "../net/prefix.js";
import { tableWord } from "./names.js";
import { formatTos } from "./printRule.js";
import type { Nexthop, Route } from "./route.js";

function destination(dst: Prefix): string {
  return dst.length === 0 && dst.value === 0n ? "default" : formatPrefix(dst);
}

function gateway({ via }: Nexthop, family: Family): string[] {
  if (!via) return [];
  const crossing = via.family === family ? "" : via.family === 6 ? "inet6 " : "inet ";
  return [`via ${crossing}${formatAddress(via)}`];
}

function encapsulation({ encap }: Nexthop): string[] {
  return encap === undefined ? [] : [`encap ${encap}`];
}

function target(hop: Nexthop, family: Family): string[] {
  return [...gateway(hop, family), ...(hop.dev === undefined ? [] : [`dev ${hop.dev}`])];
}

/** A nexthop that `ip` prints in the route's own line, not as a `nexthop`. */
function ownHop(route: Route): Nexthop | undefined {
  const [hop] = route.nexthops;
  return route.nexthops.length === 1 && hop?.weight === undefined ? hop : undefined;
}

function head(route: Route, own: Nexthop | undefined): string[] {
  return [
    ...(route.type === "unicast" ? [] : [route.type]),
    destination(route.dst),
    ...(route.from ? [`from ${formatPrefix(route.from)}`] : []),
    ...(route.nhid === undefined ? [] : [`nhid ${route.nhid}`]),
    ...(own ? encapsulation(own) : []),
    ...(route.tos === undefined ? [] : [`tos ${formatTos(route.tos)}`]),
    ...(own ? target(own, route.family) : []),
  ];
}

/** Everything from the table on; `usual` is the table that goes without saying. */
function tail(route: Route, usual: number): string[] {
  return [
    ...(route.table.id === usual ? [] : [`table ${tableWord(route.table)}`]),
    ...(route.protocol === undefined ? [] : [`proto ${route.protocol}`]),
    ...(route.scope === undefined ? [] : [`scope ${route.scope}`]),
    ...(route.src ? [`src ${formatAddress(route.src)}`] : []),
    ...(route.metric === undefined ? [] : [`metric ${route.metric}`]),
  ];
}

/**
 * Writes a route as `ip route show table all` of iproute2 7.1 prints it: the table is named unless it is main, nexthops of a
 * multipath route stand in lines of their own, each after a TAB. Reading the result gives the same route, but for its place.
 */
export function printRoute(route: Route): string {
  const own = ownHop(route);
  const words = [
    ...head(route, own),
    ...tail(route, 254),
    ...(own?.flags ?? []),
    ...(route.attributes ?? []),
    ...(route.pref ? [`pref ${route.pref}`] : []),
  ];
  return [words.join(" "), ...hopLines(route).map((line) => `\n\t${line}`)].join("");
}

/** The `nexthop` lines of a multipath route. */
function hopLines(route: Route): string[] {
  if (ownHop(route)) return [];
  return route.nexthops.map((hop) =>
    ["nexthop", ...encapsulation(hop), ...target(hop, route.family), ...weight(hop), ...hop.flags].join(" "),
  );
}

function weight(hop: Nexthop): string[] {
  return hop.weight === undefined ? [] : [`weight ${hop.weight}`];
}

/** Attributes that `ip route add` takes; the others (`expires`, `error`, `uid`, counters) are the kernel's own reports. */
export const settable =
  /^(?:mtu|window|rtt|rttvar|ssthresh|cwnd|advmss|reordering|hoplimit|initcwnd|features|rto_min|initrwnd|quickack|congctl|fastopen_no_cookie|realms?|ttl-propag) /;

/**
 * Writes the command that changes the routing table by this route. `del` names what tells the route from others of the same
 * destination: table, metric, tos, and where it leads.
 */
export function printRouteCommand(verb: "add" | "replace" | "append" | "del", route: Route): string {
  const own = ownHop(route);
  const attributes = (route.attributes ?? [])
    .filter((attribute) => settable.test(attribute))
    .map((attribute) => attribute.replace(/^realm /, "realms "));
  const words = [
    route.family === 6 ? "ip -6 route" : "ip route",
    verb,
    ...head(route, own),
    // `ip route add local ...` means the table local (ip/iproute.c: iproute_modify).
    ...tail(route, ["local", "broadcast", "anycast", "nat"].includes(route.type) ? 255 : 254),
    ...(own?.flags.filter((flag) => flag === "onlink") ?? []),
    ...(verb === "del" ? [] : attributes),
    ...(route.pref && verb !== "del" ? [`pref ${route.pref}`] : []),
    ...hopLines({
      ...route,
      nexthops: route.nexthops.map((hop) => ({ ...hop, flags: hop.flags.filter((flag) => flag === "onlink") })),
    }),
  ];
  return words.join(" ");
}

import type { Nexthop } from "../iproute/route.js";
import { type Address, formatAddress, parseAddress } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import { containsPrefix, parsePrefix } from "../net/prefix.js";
import { reservedTables, type Table } from "../state/nodeState.js";
import type { Fib } from "./compileFib.js";
import type { Assumption, RouteDecision } from "./decision.js";
import { lookup } from "./lookup.js";
import { isAssigned, ownAddress } from "./ownAddress.js";
import { refuse, refuseBy } from "./refusedAnswer.js";
import type { AnswerHop, RouteAnswer } from "./routeAnswer.js";
import { chosenSource, isGroup, queryFlow, type RouteQuery } from "./routeQuery.js";
import { setting } from "./setting.js";
import { scopeNumber, sourceAddress4 } from "./sourceAddress4.js";

const linkScope = scopeNumber("link");
const hostScope = scopeNumber("host");

/** A question under way: what is known of the source so far. */
interface Output {
  readonly fib: Fib;
  readonly query: RouteQuery;
  readonly given: Address | null;
  readonly assumptions: readonly Assumption[];
}

/** The answer for a packet of the node itself in IPv4 (net/ipv4/route.c: ip_route_output_key_hash_rcu, __mkroute_output). */
export function answerOutput4(fib: Fib, query: RouteQuery): RouteAnswer {
  const given = chosenSource(query);
  const { dst, oif } = query;
  if (given && cannotBeSource(given))
    return refuse(query, "invalid-source", `${formatAddress(given)} cannot be a source.`);
  const owner = given ? ownAddress(fib, given) : undefined;
  if (given && owner && !owner.own && !owner.assumption) {
    return refuse(query, "invalid-source", `${formatAddress(given)} is not an address of this node.`);
  }
  const output: Output = { fib, query, given, assumptions: given && owner?.assumption ? [ownedAssumption(given)] : [] };
  if (oif === undefined && given && isGroup(dst)) return direct(output, owner?.dev, given);
  const refused = oif === undefined ? undefined : refuseDevice(fib, query, oif);
  if (refused) return refused;
  if (oif !== undefined && staysOnLink(query)) return direct(output, oif, given ?? select(fib, oif, linkScope));
  const src = given ?? (oif === undefined ? undefined : earlySource(fib, oif, dst));
  return dst.value === 0n ? toItself(output, src) : walkTables(output, src);
}

function cannotBeSource(address: Address): boolean {
  const kind = addressKind(address);
  return kind === "multicast" || kind === "broadcast" || kind === "unspecified";
}

function ownedAssumption(address: Address): Assumption {
  return { text: `${formatAddress(address)} is one of the node's own addresses`, command: "ip addr show" };
}

function refuseDevice(fib: Fib, query: RouteQuery, oif: string): RouteAnswer | undefined {
  const link = fib.state.links.get(oif);
  if (!link) return fib.state.linksComplete ? refuse(query, "no-route", `There is no device ${oif}.`) : undefined;
  const down = link.flags.length > 0 && !link.flags.includes("UP");
  return down ? refuse(query, "no-route", `${oif} is down.`) : undefined;
}

const linkGroups = parsePrefix("224.0.0.0/24");
const igmp = 2;

/** Groups of the link, broadcast and IGMP leave by the wanted device without any look-up. */
function staysOnLink({ dst, ipproto }: RouteQuery): boolean {
  const ofLink = linkGroups !== undefined && containsPrefix(linkGroups, dst);
  return ofLink || addressKind(dst) === "broadcast" || ipproto === igmp;
}

/** The source that a wanted device gives before the look-up: rules see it. */
function earlySource(fib: Fib, oif: string, dst: Address): Address | undefined {
  if (addressKind(dst) === "multicast") return select(fib, oif, 0);
  return dst.value === 0n ? select(fib, oif, hostScope) : undefined;
}

function select(fib: Fib, dev: string, scope: number, gateway?: Address): Address | undefined {
  return sourceAddress4([...fib.state.links.values()], dev, gateway, scope, fib.vrfs);
}

/** The packet leaves by a device, or stays inside, without a look-up. */
function direct(output: Output, dev: string | undefined, prefsrc: Address | undefined): RouteAnswer {
  const { query, assumptions } = output;
  if (query.fibmatch) return refuse(query, "unreachable", "No table is asked, so no entry matches.", assumptions);
  const kind = addressKind(query.dst);
  const routeType = kind === "multicast" || kind === "broadcast" ? kind : "unicast";
  return {
    type: "route",
    query,
    assumptions,
    routeType,
    hops: [hop(output, dev, undefined, prefsrc)],
    cache: cacheWords(routeType),
  };
}

/** 0.0.0.0 as a destination means this node. */
function toItself(output: Output, src: Address | undefined): RouteAnswer {
  const { query, assumptions } = output;
  if (query.fibmatch) return refuse(query, "unreachable", "No table is asked, so no entry matches.", assumptions);
  const prefsrc = src ?? parseAddress("127.0.0.1");
  return {
    type: "route",
    query,
    assumptions,
    routeType: "local",
    hops: [hop(output, "lo", undefined, prefsrc)],
    cache: ["local"],
  };
}

function walkTables(output: Output, src: Address | undefined): RouteAnswer {
  const { fib, query } = output;
  const { dst, oif } = query;
  const decision = lookup(fib, { ...queryFlow(query), src: src ?? null });
  if (decision.type === "error" && oif !== undefined && (addressKind(dst) === "multicast" || !fib.vrfs.of(oif))) {
    // "Apparently, routing tables are wrong. Assume, that the destination is on link."
    const answer = direct(output, oif, src ?? select(fib, oif, linkScope));
    return { ...answer, decision };
  }
  if (decision.type !== "route") return refuseBy(query, decision);
  return answerRoute(output, decision, src);
}

function answerRoute(output: Output, decision: RouteDecision, src: Address | undefined): RouteAnswer {
  const { fib, query } = output;
  const { route, nexthops } = decision;
  const assumptions = [...output.assumptions, ...decision.assumptions];
  const kind = addressKind(query.dst);
  const routeType = kind === "multicast" || kind === "broadcast" ? kind : route.type;
  // Of a default route, a group takes the device alone; broadcast never takes a gateway.
  const gatewayless = kind === "broadcast" || (kind === "multicast" && route.dst.length < 4);
  const hops = nexthops.map((at) => {
    const nexthop = route.nexthops[at];
    if (route.type === "local") {
      const vrf = nexthop?.dev === undefined ? undefined : fib.vrfs.of(nexthop.dev);
      return hop(output, vrf ?? "lo", undefined, src ?? route.src ?? query.dst);
    }
    return routedHop(output, decision, gatewayless, nexthop, src);
  });
  const crossing =
    output.given && addressKind(output.given) === "loopback" && hops.some(({ dev }) => isOutside(fib, dev));
  if (crossing) {
    const message = "A loopback address cannot be the source of a packet that leaves the node.";
    return { ...refuse(query, "invalid-source", message, assumptions), decision };
  }
  const table = shownTable(fib, decision.table);
  return {
    type: "route",
    query,
    decision,
    assumptions,
    routeType,
    hops,
    ...(table && { table }),
    route,
    cache: cacheWords(routeType),
  };
}

function isOutside(fib: Fib, dev: string | undefined): boolean {
  return dev !== undefined && dev !== "lo" && !fib.vrfs.isVrf(dev) && !setting(fib, dev, "route_localnet").on;
}

function routedHop(
  output: Output,
  { route }: RouteDecision,
  gatewayless: boolean,
  nexthop: Nexthop | undefined,
  src: Address | undefined,
): AnswerHop {
  const { fib } = output;
  const via = nexthop?.via;
  const scope = scopeNumber(route.scope);
  const chosen =
    src ??
    route.src ??
    (nexthop?.dev === undefined ? undefined : select(fib, nexthop.dev, scope, via?.family === 4 ? via : undefined));
  return hop(output, nexthop?.dev, gatewayless ? undefined : shownGateway(fib, nexthop ?? {}), chosen);
}

/**
 * The gateway that is printed. One that was local when the route was made means that the destination is on the link: an own address, or
 * one inside of a `local` prefix, for which the kernel noted the device `lo` (fib_check_nh: a nexthop of scope host).
 */
export function shownGateway(fib: Fib, { via, dev }: Pick<Nexthop, "via" | "dev">): Address | undefined {
  return via?.family === 4 && (dev === "lo" || isAssigned(fib, via)) ? undefined : via;
}

/** `ip` leaves out main; local and main are one table, which is main, while only the default rules are there. */
export function shownTable(fib: Fib, table: Table): Table | undefined {
  const isMain = table.id === reservedTables.main || (fib.merged !== undefined && table.id === reservedTables.local);
  return isMain ? undefined : table;
}

/** A given source is not printed once more. */
function hop(
  { given }: Output,
  dev: string | undefined,
  gateway: Address | undefined,
  prefsrc: Address | undefined,
): AnswerHop {
  return { ...(gateway && { gateway }), ...(dev !== undefined && { dev }), ...(prefsrc && !given && { prefsrc }) };
}

/** The flags of the cache line that follow from the type alone. */
function cacheWords(routeType: string): readonly string[] {
  if (routeType === "local") return ["local"];
  if (routeType === "broadcast") return ["local", "brd"];
  return routeType === "multicast" ? ["mc"] : [];
}

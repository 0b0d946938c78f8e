import type { Nexthop, Route, RouteType } from "../iproute/route.js";
import type { InterfaceAddress, Link } from "../iproute/section.js";
import { type Address, type Family, familyBits, parseAddress } from "../net/address.js";
import { firstAddress, hostPrefix, lastAddress, type Prefix, parsePrefix, samePrefix } from "../net/prefix.js";
import type { Place } from "../text/span.js";
import { isVrf } from "./isVrf.js";
import { reservedTables, type Table } from "./nodeState.js";

/** What the local table is put together from. */
export interface LocalEvidence {
  readonly family: Family;
  readonly links: ReadonlyMap<string, Link>;
  /** Whether all addresses of the family were listed. */
  readonly addressesComplete: boolean;
  /** All other tables' routes but those of VRFs, and those of a filtered list of the local table. */
  readonly routes: readonly Route[];
  /** Whether the node forwards IPv6: it then answers to the subnets' anycast addresses. */
  readonly forwarding: boolean;
}

const localTable = { id: reservedTables.local, name: "local" } as const;

/**
 * The local table of a node whose dumps don't show it, as the kernel fills it from the addresses (net/ipv4/fib_frontend.c:
 * fib_add_ifaddr; net/ipv6/addrconf.c). Without a list of addresses, those are taken that routes name as their source; the table is
 * then not exact, but whatever it holds is so.
 */
export function deriveLocalTable(evidence: LocalEvidence): Table {
  const { family, links, addressesComplete } = evidence;
  const derived = [...links.values()]
    .filter((link) => !isInVrf(link, links))
    .flatMap((link) =>
      link.addresses
        .filter(({ address }) => address.family === family)
        .flatMap((address) => (family === 4 ? entries4(link, address) : entries6(link, address, evidence.forwarding))),
    );
  if (!addressesComplete)
    derived.push(...evidence.routes.filter(isTelling).flatMap(entriesOfRoute), ...loopbackEntries(family, evidence));
  return { ...localTable, routes: withoutRepeats(derived), origin: "derived", exact: addressesComplete };
}

/** Its addresses are in the VRF's table instead (net/ipv4/fib_frontend.c: fib_magic; net/ipv6/addrconf.c: l3mdev_fib_table). */
function isInVrf(link: Link, links: ReadonlyMap<string, Link>): boolean {
  const master = link.master === undefined ? undefined : links.get(link.master);
  return isVrf(link) || (master !== undefined && isVrf(master));
}

function entries4(link: Link, { address, prefixLength, peer, flags, place }: InterfaceAddress): Route[] {
  const subnet: Prefix = { ...(peer ?? address), length: prefixLength };
  const secondary = flags.includes("secondary");
  const primary = secondary ? (primaryOf(link, subnet) ?? address) : address;
  const route = (type: RouteType, dst: Prefix) => entry(type, dst, link.name, place, primary);
  const list = [route("local", hostPrefix(address))];
  if (secondary || !isUp(link)) return list;
  if (link.flags.includes("LOOPBACK") && prefixLength < 32) list.push(route("local", networkOf(subnet)));
  if (prefixLength < 31) list.push(route("broadcast", hostPrefix(lastAddress(subnet))));
  return list;
}

/** The address that a secondary one follows: the first of the same subnet. */
function primaryOf(link: Link, subnet: Prefix): Address | undefined {
  const primary = link.addresses.find(
    ({ address, peer, prefixLength, flags }) =>
      !flags.includes("secondary") && samePrefix({ ...(peer ?? address), length: prefixLength }, subnet),
  );
  return primary?.address;
}

function entries6(link: Link, { address, prefixLength, flags, place }: InterfaceAddress, forwarding: boolean): Route[] {
  // Unlike in IPv4, an address of a device that is down is not there yet.
  if (flags.includes("dadfailed") || !isUp(link)) return [];
  const list = [entry("local", hostPrefix(address), link.name, place)];
  if (link.flags.includes("LOOPBACK")) return list;
  const subnet: Prefix = { ...address, length: prefixLength };
  if (forwarding && prefixLength < 127) list.push(entry("anycast", hostPrefix(firstAddress(subnet)), link.name, place));
  const multicast = parsePrefix("ff00::/8");
  if (multicast) list.push({ ...entry("multicast", multicast, link.name, place), metric: 256 });
  return list;
}

/** A device without flags (brief lists, busybox) is taken to be up. */
function isUp({ flags }: Link): boolean {
  return flags.length === 0 || flags.includes("UP");
}

function networkOf(prefix: Prefix): Prefix {
  return { ...firstAddress(prefix), length: prefix.length };
}

/** Whether a route tells an address of the node: most of a large table don't. */
function isTelling({ src, type }: Route): boolean {
  return src !== undefined || type === "local";
}

/** What a route of another table tells about the node's own addresses. */
function entriesOfRoute(route: Route): Route[] {
  const { family, type, dst, src, place } = route;
  if (type === "local" && dst.length === familyBits(family)) return [{ ...route, table: localTable }];
  const dev = route.nexthops[0]?.dev ?? "lo";
  const own = src ? [entry("local", hostPrefix(src), dev, place, family === 4 ? src : undefined)] : [];
  const connected = family === 4 && type === "unicast" && route.protocol === "kernel" && route.scope === "link";
  if (!src || !connected || dst.length >= 31) return own;
  return [...own, entry("broadcast", hostPrefix(lastAddress(dst)), dev, place, src)];
}

/** Every node has these, if nothing more is known. */
function loopbackEntries(family: Family, { links, routes }: LocalEvidence): Route[] {
  const place = links.get("lo")?.place ?? routes[0]?.place ?? { file: "", start: 0, end: 0 };
  const texts = family === 4 ? ["127.0.0.1", "127.0.0.0/8"] : ["::1"];
  const src = family === 4 ? parseAddress("127.0.0.1") : undefined;
  return texts.flatMap((text) => {
    const prefix = parsePrefix(text);
    return prefix ? [entry("local", prefix, "lo", place, src)] : [];
  });
}

function entry(type: RouteType, dst: Prefix, dev: string, place: Place, src?: Address): Route {
  const nexthops: readonly Nexthop[] = [{ dev, flags: [] }];
  const { family } = dst;
  // The kernel's own entries carry scopes in IPv4 and a metric in IPv6.
  const scope = type === "local" ? "host" : "link";
  const column = family === 4 ? { scope, ...(src && { src }) } : { metric: 0 };
  return { family, type, dst, nexthops, table: localTable, protocol: "kernel", ...column, place };
}

function withoutRepeats(routes: readonly Route[]): Route[] {
  const seen = new Set<string>();
  return routes.filter(({ type, dst, nexthops }) => {
    const key = `${type} ${dst.value}/${dst.length} ${dst.family === 6 || type !== "local" ? nexthops[0]?.dev : ""}`;
    return !seen.has(key) && seen.add(key);
  });
}

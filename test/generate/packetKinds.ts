import { type Flow, hasPorts } from "../../server/src/core/fib/flow.js";
import type { Route } from "../../server/src/core/iproute/route.js";
import type { NumberRange, Rule } from "../../server/src/core/iproute/rule.js";
import { type Address, type Family, familyBits } from "../../server/src/core/net/address.js";
import type { MaskedValue } from "../../server/src/core/net/maskedValue.js";
import {
  containsPrefix,
  firstAddress,
  formatPrefix,
  lastAddress,
  type Prefix,
} from "../../server/src/core/net/prefix.js";
import type { NodeState } from "../../server/src/core/state/nodeState.js";

/**
 * One packet of every kind that the rules and routes of some states tell apart: every combination of what each field can be, of which only
 * packets that exist are left. What came in by a device was sent by no socket of the node; packets without ports have the ports 0.
 *
 * Exhaustive for prefixes, devices, uids, tos, the lower 12 bits of fwmarks and ports below 64. Tunnels, VRFs and flow labels are left out.
 */
export function packetKinds(states: readonly NodeState[], family: Family): Flow[] {
  const rules = states.flatMap(({ families }) => families[family].rules ?? []);
  const routes = states.flatMap(({ families }) =>
    [...families[family].tables.values()].flatMap((table) => table.routes),
  );
  const destinations = addressKinds(
    family,
    [...rules.flatMap(({ to }) => to ?? []), ...routes.map(({ dst }) => dst)],
    [1n, 0n],
  );
  // Other examples than for destinations: what a host sends to itself never comes to these rules.
  const sources = addressKinds(
    family,
    [...rules.flatMap(({ from }) => from ?? []), ...routes.flatMap(({ from }) => from ?? [])],
    [2n, 0n],
  );
  const numbers = combine({
    fwmark: fwmarkKinds(rules),
    tos: tosKinds(rules, routes),
    ...transportKinds(rules),
  }).filter(({ ipproto, sport, dport }) => hasPorts(ipproto) || (sport === 0 && dport === 0));
  const origins = [
    ...combine({ iif: deviceKinds(family, rules, routes), src: sources, uid: [0], oif: [null] }),
    ...combine({ iif: ["lo"], src: [null, ...sources], uid: uidKinds(rules), oif: boundKinds(rules) }),
  ];
  return destinations.flatMap((dst) =>
    origins.flatMap((origin) =>
      numbers.map((number): Flow => ({ family, dst, ...origin, ...number, flowlabel: 0, tunId: 0n })),
    ),
  );
}

/** The first of all candidates that pass the same tests. */
function tellApart<T>(candidates: Iterable<T>, tests: readonly ((candidate: T) => boolean)[]): T[] {
  const found = new Map<string, T>();
  for (const candidate of candidates) {
    const passed = tests.map((test) => (test(candidate) ? 1 : 0)).join("");
    if (!found.has(passed)) found.set(passed, candidate);
  }
  return [...found.values()];
}

/** Each way to take one of every list. */
function combine<T extends Record<string, readonly unknown[]>>(lists: T): { [K in keyof T]: T[K][number] }[] {
  let ways: Record<string, unknown>[] = [{}];
  for (const [name, list] of Object.entries(lists)) {
    ways = ways.flatMap((way) => list.map((value) => ({ ...way, [name]: value })));
  }
  return ways as { [K in keyof T]: T[K][number] }[];
}

/** @param steps how far into a prefix examples lie, where it has room, the best first. */
function addressKinds(family: Family, prefixes: readonly Prefix[], steps: readonly bigint[]): Address[] {
  const bits = familyBits(family);
  const distinct = [...new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values()];
  const edges = distinct.flatMap((prefix) => [firstAddress(prefix).value, lastAddress(prefix).value + 1n]);
  // Ordinary addresses that lie in few prefixes, if any: 203.0.113.1 and 1.0.0.1, 2a00:: and 1::.
  const elsewhere = family === 4 ? [0xcb007101n, 0x01000001n] : [0x2a00n << 112n, 1n << 112n];
  const candidates = steps.flatMap((step) => [...elsewhere, ...edges].map((edge) => edge + step));
  const usual = candidates.filter((value) => value < 1n << BigInt(bits) && isOrdinary(family, value));
  return tellApart(
    usual.map((value): Address => ({ family, value })),
    distinct.map((prefix) => (address) => containsPrefix(prefix, address)),
  );
}

/** The kernel treats loopback, multicast and the like apart, in IPv6 link-local addresses, too. */
function isOrdinary(family: Family, value: bigint): boolean {
  if (family === 4) return value >> 24n > 0n && value >> 24n !== 127n && value >> 24n < 224n;
  return value > 1n && value >> 118n !== 0xfe80n >> 6n && value >> 120n !== 0xffn;
}

function upTo(limit: number): number[] {
  return [...Array(limit).keys()];
}

/** Numbers of all kinds: every combination of the bits that are asked for. */
function fwmarkKinds(rules: readonly Rule[]): number[] {
  const asked = rules.flatMap(({ fwmark }) => fwmark ?? []);
  const bits = asked.reduce((all, { mask }) => all | (mask & 0xfff), 0);
  const candidates = [0];
  for (let part = bits; part > 0; part = (part - 1) & bits) candidates.push(part);
  return tellApart(candidates, asked.map(holdsNumber));
}

/** The old TOS bits are all that IPv4 compares in `tos`; `dscp`, and IPv6, compare six bits. */
function tosKinds(rules: readonly Rule[], routes: readonly Route[]): number[] {
  const asked = [
    ...rules.flatMap(({ tos, family }) => (tos ? [{ value: tos, mask: family === 4 ? 0x1c : 0xfc }] : [])),
    ...routes.flatMap(({ tos }) => (tos ? [{ value: tos, mask: 0x1c }] : [])),
    ...rules.flatMap(({ dscp }) => (dscp ? [{ value: dscp.value << 2, mask: dscp.mask << 2 }] : [])),
  ];
  // The lowest two bits are nobody's.
  const candidates = upTo(asked.length > 0 ? 64 : 1).map((dscp) => dscp << 2);
  return tellApart(candidates, asked.map(holdsNumber));
}

function transportKinds(rules: readonly Rule[]) {
  const protocols = rules.flatMap(({ ipproto }) => ipproto ?? []);
  const asksPorts = rules.some(({ sport, dport }) => sport || dport);
  const kinds = [...new Set([...protocols, ...(protocols.length > 0 || asksPorts ? [132, 1] : [6])])];
  return {
    ipproto: kinds,
    sport: portKinds(rules.flatMap(({ sport }) => sport ?? [])),
    dport: portKinds(rules.flatMap(({ dport }) => dport ?? [])),
  };
}

function portKinds(asked: readonly (NumberRange | MaskedValue)[]): number[] {
  return tellApart(upTo(asked.length > 0 ? 64 : 1), asked.map(holdsNumber));
}

function uidKinds(rules: readonly Rule[]): number[] {
  const asked = rules.flatMap(({ uidrange }) => uidrange ?? []);
  return tellApart([0, ...asked.flatMap(({ start, end }) => [start, end + 1])], asked.map(holdsNumber));
}

function holdsNumber(asked: NumberRange | MaskedValue): (number: number) => boolean {
  if ("start" in asked) return (number) => asked.start <= number && number <= asked.end;
  return (number) => ((number ^ asked.value) & asked.mask) === 0;
}

/**
 * The devices that packets come in by, as far as that makes a difference, and one that nothing names. Of IPv6 routes to one prefix that
 * suit alike, one by the packet's own device is preferred.
 */
function deviceKinds(family: Family, rules: readonly Rule[], routes: readonly Route[]): string[] {
  const named = rules.flatMap(({ iif }) => (iif && !iif.detached && iif.name !== "lo" ? [iif.name] : []));
  const place = ({ dst, table }: Route) => `${formatPrefix(dst)} ${table.id ?? table.name}`;
  const hasRival = (route: Route) => routes.some((other) => other !== route && place(other) === place(route));
  const preferred = family === 4 ? [] : routes.filter(hasRival);
  const leaving = preferred.flatMap(({ nexthops }) => nexthops.flatMap(({ dev }) => dev ?? []));
  return [...new Set(["other0", ...named, ...leaving.filter((name) => name !== "lo")])];
}

/** The devices that sockets are bound to, as far as a rule asks. */
function boundKinds(rules: readonly Rule[]): (string | null)[] {
  return [null, ...new Set(rules.flatMap(({ oif }) => (oif && !oif.detached ? [oif.name] : [])))];
}

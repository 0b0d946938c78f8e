import { decide } from "../fib/decide.js";
import { exampleAddress } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import { type ForwardedPacket, forwardedFlow } from "../fib/flow.js";
import { ownAddresses } from "../findings/pods/podEvidence.js";
import type { Address } from "../net/address.js";
import { firstAddress } from "../net/prefix.js";
import { sysctlNumber } from "../state/deviceSysctl.js";
import { type NodeState, reservedTables } from "../state/nodeState.js";
import { anywhere } from "./anywhere.js";

/** Where received packets may go, so that their ways back differ. */
export interface ReceivedDestinations {
  /** An address of the node: that of the device, where it has one. */
  readonly own: Address | undefined;
  /** One behind each device, and one of each source that rules ask for. Empty where the node forwards nothing. */
  readonly forwarded: readonly Address[];
  /** Whether those are all that the rules and routes tell apart. */
  readonly whole: boolean;
}

/** Destinations of forwarded packets that are tried for each source: beyond them a person would wait. */
const mostDestinations = 24;

/**
 * Destinations of packets that come in by a device. The way back begins at the device that a packet leaves by, and has the packet's
 * destination as its source (net/ipv4/fib_frontend.c: __fib_validate_source): by these, forwarded packets differ.
 */
export function receivedDestinations(state: NodeState, device: string): ReceivedDestinations {
  const own = [...ownAddresses(state, 4).values()].map(({ dst, nexthops }) => ({ dst, dev: nexthops[0]?.dev }));
  const there = own.find(({ dev }) => dev === device) ?? own.find(({ dev }) => dev !== "lo");
  const forwarded = sysctlNumber(state, "net.ipv4.ip_forward") === 0 ? [] : forwardedDestinations(state);
  return {
    own: there?.dst,
    forwarded: forwarded.slice(0, mostDestinations),
    whole: forwarded.length <= mostDestinations,
  };
}

function forwardedDestinations({ families: { 4: family } }: NodeState): Address[] {
  const asked = (family.rules ?? []).flatMap(({ from }) => (from && from.length > 0 ? [firstAddress(from)] : []));
  const routes = [...family.tables.values()].flatMap(({ id, routes: list }) =>
    id === reservedTables.local ? [] : list.filter(({ type }) => type === "unicast"),
  );
  const prefixes = routes.map(({ dst }) => dst);
  const behind = new Map<string, Address>();
  for (const { dst, nexthops } of routes) {
    // What a default route of some table leads to may be the same as for all others: it says little of its device.
    const way = `${nexthops[0]?.dev} ${dst.length === 0}`;
    if (behind.has(way) || behind.size > mostDestinations) continue;
    const address = dst.length === 0 ? anywhere[4] : exampleAddress(dst, prefixes);
    if (address) behind.set(way, address);
  }
  const distinct = new Map([...behind.values(), ...asked].map((address) => [address.value, address]));
  return [...distinct.values()];
}

/** The device that a forwarded packet leaves by, where the rules and routes tell. */
export function leavingDevice(state: NodeState, packet: ForwardedPacket): string | undefined {
  const decision = decide(fibOf(state, 4), forwardedFlow({ ...packet, ipproto: 6, sport: 0, dport: 0 }));
  if (decision.type !== "route" || decision.route.type !== "unicast") return undefined;
  return decision.route.nexthops[decision.nexthops[0] ?? 0]?.dev;
}

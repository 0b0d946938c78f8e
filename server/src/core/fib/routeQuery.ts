import type { Address, Family } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import type { Flow } from "./flow.js";

/** A question as `ip route get` puts it. */
export interface RouteQuery {
  readonly dst: Address;
  readonly from?: Address;
  readonly iif?: string;
  readonly oif?: string;
  readonly fwmark?: number;
  readonly tos?: number;
  readonly flowlabel?: number;
  readonly uid?: number;
  readonly ipproto?: number;
  readonly sport?: number;
  readonly dport?: number;
  /** Asks for the entry that matches instead of where the packet goes. */
  readonly fibmatch?: true;
}

const udp = 17;
const invalidUid = 0xffffffff;

/**
 * The flow that the kernel makes of the question (net/ipv4/route.c: inet_rtm_getroute; net/ipv6/route.c: inet6_rtm_getroute). Nothing
 * is open in it: what the question leaves out is 0, the protocol is UDP in IPv4, and the uid is that of root who asks. With `iif`
 * there is no uid in IPv6, and 0 in IPv4, where the packet's way through the input is taken.
 */
export function queryFlow(query: RouteQuery): Flow {
  const { dst, iif } = query;
  const { family } = dst;
  const uid = iif === undefined ? (query.uid ?? 0) : family === 4 ? 0 : (query.uid ?? invalidUid);
  return {
    family,
    dst,
    src: chosenSource(query),
    iif: iif ?? "lo",
    oif: iif === undefined ? (query.oif ?? null) : null,
    oifRequested: true,
    fwmark: query.fwmark ?? 0,
    tos: query.tos ?? 0,
    flowlabel: query.flowlabel ?? 0,
    uid,
    ipproto: query.ipproto ?? defaultProtocol(family),
    sport: query.sport ?? 0,
    dport: query.dport ?? 0,
    tunId: 0n,
  };
}

/** `from 0.0.0.0` and `from ::` mean that no source is chosen. */
export function chosenSource({ from }: RouteQuery): Address | null {
  return from && from.value !== 0n ? from : null;
}

function defaultProtocol(family: Family): number {
  return family === 4 ? udp : 0;
}

/** Whether the destination is a group or everybody on the link. */
export function isGroup(address: Address): boolean {
  const kind = addressKind(address);
  return kind === "multicast" || kind === "broadcast";
}

import type { Assumption, BranchDecision, Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { type Flow, forwardedFlow } from "../fib/flow.js";
import { lookup } from "../fib/lookup.js";
import type { PacketEvent, PacketHeaders } from "../monitor/event.js";
import type { Address } from "../net/address.js";
import { matchesMasked } from "../net/maskedValue.js";
import type { NodeState } from "../state/nodeState.js";
import { settleDecision } from "./settleDecision.js";

/** IP protocol numbers (IANA) of the transports an event can show. */
const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;

/** What the kernel's look-up compares of a packet that it forwards. */
export interface RoutedPacket {
  readonly headers: PacketHeaders;
  /** Addresses as routing sees them: after PREROUTING, before POSTROUTING. */
  readonly src: Address;
  readonly dst: Address;
  /** The device it came in by, where that is known. */
  readonly iif: string | undefined;
  /** The events of the packet: no `to-proxy` among them means that Cilium did not redirect it to a proxy. */
  readonly events: readonly PacketEvent[];
}

/** The look-up's key for such a packet. Its fwmark is never in a capture, so it stays open. */
export function flowOf({ headers, src, dst, iif }: RoutedPacket): Flow {
  const { l4 } = headers;
  return forwardedFlow({
    src,
    dst,
    iif,
    tos: headers.ip?.tos,
    ipproto: l4 && protocolNumbers[l4.protocol],
    sport: l4 && ("sport" in l4 ? l4.sport : 0),
    dport: l4 && ("dport" in l4 ? l4.dport : 0),
    tunId: 0n,
  });
}

/** Magic values of the fwmark that Cilium's proxy redirection sets (bpf/lib/common.h: MARK_MAGIC_TO_PROXY, _PROXY_INGRESS, _PROXY_EGRESS). */
const proxyMarks = [0x200, 0xa00, 0xb00];

function notRedirected(events: readonly PacketEvent[]): (branch: BranchDecision) => Assumption | undefined {
  const proxied = events.some((event) => event.type === "trace" && /-proxy$/.test(event.observationPoint));
  return ({ rule }) => {
    const { fwmark } = rule;
    if (proxied || rule.not || fwmark?.mask !== 0xf00 || !proxyMarks.some((mark) => matchesMasked(fwmark, mark)))
      return undefined;
    return { text: "its fwmark is none of the proxy's (the capture shows no redirection to a proxy)" };
  };
}

/** What the node's dumps answer for this packet, with the branches removed that its capture excludes. */
export function lookupRouted(state: NodeState, packet: RoutedPacket): Decision {
  const decision = lookup(fibOf(state, packet.dst.family), flowOf(packet));
  return settleDecision(decision, notRedirected(packet.events));
}

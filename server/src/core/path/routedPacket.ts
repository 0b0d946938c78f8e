import type { BranchDecision, Decision } from "../fib/decision.js";
import { fibOf } from "../fib/fibOf.js";
import { type Flow, forwardedFlow, localFlow } from "../fib/flow.js";
import { lookup } from "../fib/lookup.js";
import type { PacketEvent, PacketHeaders } from "../monitor/event.js";
import type { Address } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { type FwmarkKnowledge, fwmarkWithoutProxy, testFwmark } from "./fwmarkAt.js";
import { settleDecision } from "./settleDecision.js";

/** IP protocol numbers (IANA) of the transports an event can show. */
const protocolNumbers = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, sctp: 132 } as const;

/** What the kernel's look-up compares of a packet that it forwards, or that this node sends. */
export interface RoutedPacket {
  readonly headers: PacketHeaders;
  /** Addresses as routing sees them: after PREROUTING, before POSTROUTING. `null`: this node sends it and has chosen no source yet. */
  readonly src: Address | null;
  readonly dst: Address;
  /** The device it came in by, where that is known. */
  readonly iif: string | undefined;
  /** The events of the packet: no `to-proxy` among them means that Cilium did not redirect it to a proxy. */
  readonly events: readonly PacketEvent[];
  /** What Cilium's programs and netfilter rules are known to have set; absent: that it is none of a proxy's, where `events` tell so. */
  readonly fwmark?: FwmarkKnowledge | undefined;
  /** A process or a device of this node sends it; it came in by none. */
  readonly local?: true;
}

/** The look-up's key for such a packet. Its fwmark is never in a capture, so it stays open; `lookupRouted` settles what is known of it. */
export function flowOf({ headers, src, dst, iif, local }: RoutedPacket): Flow {
  const { l4 } = headers;
  const packet = {
    dst,
    tos: headers.ip?.tos,
    ipproto: l4 && protocolNumbers[l4.protocol],
    sport: l4 && ("sport" in l4 ? l4.sport : 0),
    dport: l4 && ("dport" in l4 ? l4.dport : 0),
    tunId: 0n,
  };
  return local || src === null ? localFlow({ ...packet, src }) : forwardedFlow({ ...packet, src, iif });
}

/** `rule 9 asks for fwmark & 0xf00 = 0x200, and rule 10 for ...`. */
function conditionWords(branches: readonly BranchDecision[]): string {
  const asked = new Set(branches.map(({ rule, condition }) => `rule ${rule.priority} asks for ${condition}`));
  return [...asked].join(", and ").replace(/(?<=, and rule \d+) asks/g, "");
}

/** What the node's dumps answer for this packet, with the branches removed that its capture excludes. */
export function lookupRouted(state: NodeState, packet: RoutedPacket): Decision {
  const decision = lookup(fibOf(state, packet.dst.family), flowOf(packet));
  const fwmark = packet.fwmark ?? fwmarkWithoutProxy(packet.events);
  if (!fwmark) return decision;
  return settleDecision(
    decision,
    (branch) => testFwmark(branch, fwmark),
    (branches) => ({ text: `${fwmark.words}, where ${conditionWords(branches)}` }),
  );
}

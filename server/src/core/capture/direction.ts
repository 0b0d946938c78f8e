import type { PacketEvent, TransportHeader } from "../monitor/event.js";

/** Whether a packet asks or answers, and how that is known. */
export interface Direction {
  readonly direction: "request" | "reply" | "unknown";
  readonly directionKnown: "known" | "inferred" | "unknown";
}

const unknown: Direction = { direction: "unknown", directionKnown: "unknown" };

function written(l4: TransportHeader | undefined): Direction {
  if (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") {
    if (l4.typeCode === "EchoRequest") return { direction: "request", directionKnown: "known" };
    if (l4.typeCode === "EchoReply") return { direction: "reply", directionKnown: "known" };
  }
  if (l4?.protocol === "tcp" && l4.flags.includes("SYN")) {
    return { direction: l4.flags.includes("ACK") ? "reply" : "request", directionKnown: "known" };
  }
  return unknown;
}

/**
 * Tells a request from a reply: by what the packet itself says (echo type, SYN), else by Cilium's connection tracking (`state`
 * of an event with a look-up: `reply`, `established`; `new` says so only where the program looked, which 1.11 and older
 * did not record, so it counts as inferred). Everything else is unknown; nothing is guessed.
 */
export function packetDirection(events: readonly PacketEvent[]): Direction {
  for (const event of events) {
    const fromPacket = written(event.headers?.l4);
    if (fromPacket.directionKnown === "known") return fromPacket;
  }
  for (const event of events) {
    if (event.type !== "trace") continue;
    if (event.state === "reply") return { direction: "reply", directionKnown: "known" };
    if (event.state === "established") return { direction: "request", directionKnown: "known" };
    if (event.state === "new" && event.observationPoint.startsWith("to-")) {
      return { direction: "request", directionKnown: "inferred" };
    }
  }
  return unknown;
}

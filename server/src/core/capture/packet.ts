import type { PacketEvent, PacketHeaders } from "../monitor/event.js";

/**
 * How sure it is that an event shows the same packet as the one before it, strongest first.
 * - `trace-id`: the IP option of Cilium's packet tracing.
 * - `contents`: the content key agrees, IP identification and all (with TCP or ICMP sequence); addresses may differ by translation.
 * - `sequence`: the TCP or ICMP sequence agrees, but the packet has no IP identification, so a retransmission would look the same.
 * - `orig-ip`: the event names the source before translation, and the event before it has that source.
 * - `flow-hash`: the packet has no content key; its flow hash agrees and an end of the flow at least, and it fits into the walk there.
 * - `translation`: it has no content key; its addresses are those of the event before it, translated as another packet of its conversation was (or
 *   back, as that packet's answer), and it fits into the walk there.
 * - `addresses`: it has no content key; addresses, ports and kind of message agree, and it fits into the walk there.
 * - `enclosed`: its content key differs from its neighbours', but the events right before and after it on its CPU are of one packet, with its
 *   addresses, and it fits between them.
 */
export type JoinStrength =
  | "first"
  | "trace-id"
  | "contents"
  | "sequence"
  | "orig-ip"
  | "flow-hash"
  | "translation"
  | "addresses"
  | "enclosed";

export interface JoinedEvent {
  readonly event: PacketEvent;
  readonly join: JoinStrength;
  /** What agreed, e.g. `IP id 900, ICMP id 5 seq 1`; for the first event, what others are joined by. */
  readonly by: string;
  /** Number of another packet that the event may belong to as well: the two look alike. */
  readonly alternative?: number;
  /** Whether a retransmission, which looks the same, may be what the event shows. See `markRepeats`. */
  readonly mayBeRepeat?: true;
}

/** A packet of a capture, the same or another one. */
export interface PacketReference {
  readonly file: string;
  readonly number: number;
  /** What agreed, in words. */
  readonly by: string;
  /** Among how many packets, itself counted, it can't be told apart; absent where it is the only one. */
  readonly among?: number;
  /** Whether it may also be one that is not seen: events are hidden or were lost there. */
  readonly isUnsure?: true;
}

/** What a router or the receiver said of a packet: an ICMP error about it. */
export interface ErrorReport extends PacketReference {
  /** The event that shows it, `headers.l4` with what it says. */
  readonly event: PacketEvent;
}

/** All events of one packet on one node, in the order of its walk, which is not always that of the file. */
export interface Packet {
  /** Unique within its capture, in order of first appearance; starts at 1. */
  readonly number: number;
  readonly file: string;
  readonly events: readonly JoinedEvent[];
  /** Headers at the first event that shows any. */
  readonly headers: PacketHeaders | undefined;
  readonly direction: "request" | "reply" | "unknown";
  /**
   * Whether `direction` is written in the packet or known to connection tracking; or inferred from a first packet or from others of its
   * conversation.
   */
  readonly directionKnown: "known" | "inferred" | "unknown";
  /** Number of the conversation it belongs to; a request and its replies share one. */
  readonly conversation: number;
  /**
   * A packet that has no event before it, though it must have come from somewhere, and that this one may be a part of, translated: its protocol and
   * kind and one of its ends agree, and no key tells more.
   */
  readonly mayGoOnAs?: PacketReference;
  /** Where the packet was before it came here: on another node, or on this one before a router sent it back. See `linkPackets`. */
  readonly continues?: PacketReference;
  /** Where it went on. */
  readonly continuedBy?: PacketReference;
  /** The outer packet that carries this one through the tunnel or encrypted, seen on the same node. See `tunnelPackets`, `linkEncrypted`. */
  readonly carriedBy?: PacketReference;
  /** The packet in this one. */
  readonly carries?: PacketReference;
  /** The packet that this one, an ICMP error, is about. */
  readonly about?: PacketReference;
  /** The ICMP errors about this one, in the order of the file. */
  readonly reports?: readonly ErrorReport[];
  /** A packet given to a proxy, in whose conversation the proxy opened this one's. */
  readonly causedBy?: PacketReference;
}

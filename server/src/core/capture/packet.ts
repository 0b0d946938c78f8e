import type { PacketEvent, PacketHeaders } from "../monitor/event.js";

/**
 * How sure it is that an event shows the same packet as the one before it, strongest first.
 * - `trace-id`: the IP option of Cilium's packet tracing.
 * - `contents`: IP identification and transport fields (ICMP id and sequence, TCP sequence) agree; addresses may differ by translation.
 * - `addresses`: only addresses, protocol and message type agree, and the event fits into the walk there.
 */
export type JoinStrength = "first" | "trace-id" | "contents" | "addresses";

export interface JoinedEvent {
  readonly event: PacketEvent;
  readonly join: JoinStrength;
  /** What agreed, e.g. `IP id 900, ICMP id 5 seq 1`. */
  readonly by: string;
}

/** All events of one packet on one node, in the order of its walk. */
export interface Packet {
  /** Unique within its capture, in order of first appearance; starts at 1. */
  readonly number: number;
  readonly file: string;
  readonly events: readonly JoinedEvent[];
  /** Headers at the first event that shows any. */
  readonly headers: PacketHeaders | undefined;
  readonly direction: "request" | "reply" | "unknown";
  /** Whether `direction` is written in the packet, or inferred from its surroundings. */
  readonly directionKnown: "known" | "inferred" | "unknown";
  /** Number of the conversation it belongs to; a request and its replies share one. */
  readonly conversation: number;
}

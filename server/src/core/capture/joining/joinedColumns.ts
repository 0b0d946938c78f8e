/** The packets of a capture, as columns beside its `EventColumns`. Packets are counted from 0 here; `Packet.number` is one more. */
export interface JoinedColumns {
  /** Number of packets, in order of first appearance. */
  readonly count: number;
  /** By row of the events: its packet. */
  readonly packet: Uint32Array;
  /** By row: how it was joined to the one before it, as index in `joinStrengths`. */
  readonly strength: Uint8Array;
  /** By row: another packet that it may belong to as well, plus one; 0 for none. */
  readonly alternative: Uint32Array;
  /** Rows of the events, packet by packet, each in the order of its walk. */
  readonly rows: Uint32Array;
  /** By packet: where its rows start in `rows`; one more at the end. */
  readonly start: Uint32Array;
  /** By packet: number of its conversation, from 1, in order of first appearance. */
  readonly conversation: Uint32Array;
  readonly conversationCount: number;
  /** By packet: index in `directions`. */
  readonly direction: Uint8Array;
  /** By packet: index in `directionsKnown`. */
  readonly directionKnown: Uint8Array;
  /** The packets inside others (see `Packet.carriedBy`): the outer packet by the inner one. */
  readonly carriedBy: ReadonlyMap<number, number>;
  /** Packets that may be the rest of others (see `Packet.mayGoOnAs`), by those. */
  readonly mayGoOnAs: ReadonlyMap<number, number>;
  /** Packets that a proxy sent (see `Packet.causedBy`): the one given to it, by the one it sent. */
  readonly causedBy: ReadonlyMap<number, number>;
}

export const directions = ["unknown", "request", "reply"] as const;
export const directionsKnown = ["unknown", "inferred", "known"] as const;

/** The part that says which rows make a packet; what else is known of packets is computed from it. */
export type PacketRows = Pick<JoinedColumns, "count" | "packet" | "strength" | "rows" | "start">;

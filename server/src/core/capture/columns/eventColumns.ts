/**
 * The packet events of one capture as columns of numbers: a row for each trace or drop event of an IP packet or of a frame that is none
 * (`isPacketEvent`), in the order of the file.
 * It holds what joining, conversations and summaries ask of an event, so that a capture of a gigabyte fits into memory and no object is
 * made for an event that nobody looks at; the event itself is decoded again from its line.
 *
 * Rows come from decoded events (`columnsOfEvents`) or from the bytes of a file (`scan/`), and are equal either way; a test holds that.
 * So that they are equal in odd cases too: 0 is "none" or "not printed" in every column but `point`, where a flag does not say more; a
 * number that does not fit is stored as the typed array converts it (modulo its width); `Names` gives 0 to the empty text.
 */
export interface EventColumns extends Readonly<ColumnArrays> {
  /** Number of rows; the arrays may be longer. */
  readonly length: number;
  /** What few events have, by row. A row is in here if and only if it has `rowFlags.rare`. */
  readonly rare: ReadonlyMap<number, RareFields>;
  /** Where the monitor says that it lost events, in the order of the file. */
  readonly losses: readonly Loss[];
}

/** The columns proper. Names in parentheses are fields of `PacketEvent` and its headers, which are the inner ones of a tunnel packet. */
export interface ColumnArrays {
  /** Where the event's text starts (`place.start`): UTF-16 offset in a document, byte offset in a file. */
  start: Float64Array;
  /** Length of the event's text (`place.end - place.start`), in the same unit. */
  size: Uint32Array;
  /** Bits of `rowFlags`. */
  flags: Uint16Array;
  /** Code of the observation point (`cilium/observationPoints`), by name or by its decimal code; `dropPoint`; `unknownPoint`. */
  point: Uint8Array;
  /** Name of the trace reason (`state`), or of the drop reason without its extended error (`reason`). */
  reason: Uint32Array;
  /** Length of the packet (`bytes`). */
  bytes: Uint32Array;
  /**
   * IP protocol number (IANA): that of the transport header if there is one, else of the name in the IP header (`protocolNumber`);
   * `protocols.frame` for what is no IP packet.
   */
  protocol: Uint8Array;
  /** TTL or hop limit (`ip.ttl`). */
  ttl: Uint8Array;
  /**
   * Addresses (`ip.src`, `ip.dst`), by `Names.internAddress`. Of an ARP message whose it is and whom it asks for; of other frames the MAC
   * addresses, by `Names.intern`.
   */
  src: Uint32Array;
  dst: Uint32Array;
  /** Ports, valid with `rowFlags.hasPorts`; for ICMP the echo id (`l4.id`) in both, valid with `rowFlags.hasSeq`. */
  sport: Uint16Array;
  dport: Uint16Array;
  /** IPv4 identification (`ip.id`); 0, as Linux sends it where it tells nothing, also for none. */
  ipId: Uint16Array;
  /** TCP sequence (`l4.seq`), or the sequence of an ICMP echo; valid with `rowFlags.hasSeq`. */
  seq: Uint32Array;
  /** TCP acknowledgement (`l4.ack`). */
  ack: Uint32Array;
  /**
   * TCP flags as bits of `tcpFlagBits`; for ICMP and ICMPv6 the name of type and code (`l4.typeCode`); for a frame a number of `arpOperations`.
   */
  detail: Uint32Array;
  /** The skb's flow hash (`flowHash`; monitor JSON's `mark`). */
  flowHash: Uint32Array;
  /** Endpoint ids (16 bits in every version); `dstEndpoint` is the proxy port at `to-proxy`. */
  source: Uint16Array;
  dstEndpoint: Uint16Array;
  srcIdentity: Uint32Array;
  dstIdentity: Uint32Array;
  /** Name of the device of a trace (`ifname`). */
  device: Uint32Array;
  /** Source MAC address as printed (`ethernet.src`): tells the device of a `to-network` event that does not name it. */
  srcMac: Uint32Array;
  /** Destination MAC address as printed (`ethernet.dst`). */
  dstMac: Uint32Array;
  /** Number of the CPU (`cpu`) plus one; 0 where it was not printed. */
  cpu: Uint16Array;
}

/** Fields that hardly any event has. */
export interface RareFields {
  /** Never 0n, which is how a version with the field says that there is none. */
  readonly ipTraceId?: bigint;
  /** Source before reverse NAT (`origIp`), by `Names.internAddress`. */
  readonly origIp?: number;
  /** Offset of a later fragment in bytes (`ip.fragmentOffset`), never 0. */
  readonly fragmentOffset?: number;
}

/** The monitor could not keep up: events are missing before `row`. */
export interface Loss {
  /** The first row after the message, which may be `length`. */
  readonly row: number;
  readonly count: number;
  /** As in the column: number plus one, 0 where it was not printed. */
  readonly cpu: number;
}

export const rowFlags = {
  ipv6: 1,
  /** TCP, UDP or SCTP header. */
  hasPorts: 2,
  /** TCP sequence printed, or ICMP id and sequence printed (a sequence without an id does not count). */
  hasSeq: 4,
  /** `encrypted`; text formats and Hubble only. */
  encrypted: 8,
  /** The packet is in a tunnel, and the columns describe the inner one (`headers.tunnel`). */
  tunnel: 16,
  /** A later fragment: no transport header. */
  fragment: 32,
  /** Hubble says whether the packet is a reply (`hubble.isReply` is there) ... */
  replyKnown: 64,
  /** ... and it is one. */
  isReply: 128,
  rare: 256,
} as const;

/** Bits of `detail` for TCP. */
export const tcpFlagBits = { SYN: 1, ACK: 2, FIN: 4, RST: 8, PSH: 16, URG: 32, ECE: 64, CWR: 128, NS: 256 } as const;

/** `detail` of an ARP message (RFC 826); 0 for other frames, and where the message is not printed. */
export const arpOperations = { request: 1, reply: 2, other: 3 } as const;

/** `point` of a drop event. */
export const dropPoint = 254;
/** `point` of a trace event at a point that no version we know has. */
export const unknownPoint = 255;

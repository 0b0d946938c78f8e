import type { Address } from "../net/address.js";
import type { Place, Problem } from "../text/span.js";

/** The headers of one packet, read from the dissected layers of an event. All fields as on the wire. */
export interface PacketHeaders {
  readonly ethernet?: { readonly src?: string; readonly dst?: string; readonly type?: string };
  readonly ip?: IpHeader;
  readonly l4?: TransportHeader;
  /** The outer headers of an encapsulated packet; the fields beside this then describe the inner one. */
  readonly tunnel?: PacketHeaders & { readonly vni?: number; readonly protocol?: "vxlan" | "geneve" };
}

export interface IpHeader {
  readonly src: Address;
  readonly dst: Address;
  /** TTL or hop limit; absent where only the addresses were printed. */
  readonly ttl?: number;
  /** IPv4 identification; IPv6 has none outside fragments. */
  readonly id?: number;
  readonly tos?: number;
  /** IP protocol by name as gopacket prints it: `TCP`, `UDP`, `ICMPv4` ... */
  readonly protocol?: string;
  /** Bytes of the fragment offset field; > 0 = a later fragment, without transport header. */
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
}

export type TransportHeader =
  | {
      readonly protocol: "tcp";
      readonly sport: number;
      readonly dport: number;
      readonly seq?: number;
      readonly ack?: number;
      /** Upper-case names of the set flags, in the order SYN ACK FIN RST PSH URG ECE CWR NS. */
      readonly flags: readonly string[];
    }
  | { readonly protocol: "udp" | "sctp"; readonly sport: number; readonly dport: number }
  | {
      readonly protocol: "icmp" | "icmpv6";
      /** gopacket's words: `EchoRequest`, `DestinationUnreachable(Port)` ... */
      readonly typeCode: string;
      /** Identifier and sequence of an echo; absent for other types and for ICMPv6 (gopacket does not print them). */
      readonly id?: number;
      readonly seq?: number;
    };

interface EventBase {
  readonly place: Place;
  readonly cpu?: number;
  /** What a Hubble record tells beyond the monitor's message; absent for monitor output. */
  readonly hubble?: HubbleDetails;
}

/** What Hubble adds to a message (api/v1/flow/flow.proto). Each field is absent where the record does not have it. */
export interface HubbleDetails {
  /** When the agent received the event, as the record has it (RFC 3339 in JSON). */
  readonly time?: string;
  readonly nodeName?: string;
  /** `FORWARDED`, `DROPPED`, `REDIRECTED` ... */
  readonly verdict?: string;
  /** Whether the packet is a reply. Absent: the record says that it does not know, or nothing. */
  readonly isReply?: boolean;
  /** As `namespace/pod`, or the pod's name alone. */
  readonly sourcePod?: string;
  readonly destinationPod?: string;
}

interface DatapathEventBase extends EventBase {
  /** The skb's flow hash (what monitor JSON calls `mark`); 0 where none was computed. Never the fwmark. */
  readonly flowHash: number;
  /** Endpoint id of the program that emitted the event; 0 for none, and where a one-line text does not say. */
  readonly source: number;
  /** Length of the packet in bytes, as long as it was on the wire; 0 where a one-line text does not say. */
  readonly bytes: number;
  readonly headers?: PacketHeaders;
}

/** A packet seen at an observation point. */
export interface TraceEvent extends DatapathEventBase {
  readonly type: "trace";
  /** `from-endpoint`, `to-network` ..., or the decimal code where the printing CLI did not know its name. */
  readonly observationPoint: string;
  /** The trace reason: `new`, `established`, `reply`, `unknown` ... */
  readonly state?: string;
  /** Device name; the decimal index where the name was not known; absent for 0. */
  readonly ifname?: string;
  readonly srcIdentity: number;
  readonly dstIdentity: number;
  /** Destination endpoint; for `to-proxy` the proxy port instead. */
  readonly dstEndpoint: number;
  readonly ipTraceId?: bigint;
  /** Text formats only. */
  readonly encrypted?: boolean;
  /** The source before reverse NAT. Text formats only. */
  readonly origIp?: Address;
  readonly summary: string;
}

export interface DropEvent extends DatapathEventBase {
  readonly type: "drop";
  /** The reason in Cilium's words, without the extended error. */
  readonly reason: string;
  readonly extError?: number;
  readonly srcIdentity: number;
  readonly dstIdentity: number;
  readonly dstEndpoint: number;
  readonly ifindex?: number;
  /** BPF source: a file id (JSON) or a name (text), and the line. */
  readonly bpfFile?: number | string;
  readonly bpfLine?: number;
  readonly ipTraceId?: bigint;
}

export interface CaptureEvent extends DatapathEventBase {
  readonly type: "capture";
  readonly message: string;
  readonly prefix?: string;
  readonly summary?: string;
}

export interface DebugEvent extends EventBase {
  readonly type: "debug";
  readonly message: string;
  /** Text formats only: the packet's flow hash, as in datapath events. */
  readonly flowHash?: number;
  /** Text formats only: the endpoint whose program speaks. */
  readonly source?: number;
}

export interface AgentEvent extends EventBase {
  readonly type: "agent";
  readonly subtype: string;
  readonly message: unknown;
}

export interface L7Event extends EventBase {
  readonly type: "logRecord";
  readonly record: Readonly<Record<string, unknown>>;
}

export interface PolicyVerdictEvent extends EventBase {
  readonly type: "policy-verdict";
  readonly flowHash: number;
  readonly endpoint: number;
  readonly remoteIdentity: string;
  readonly direction: "ingress" | "egress";
  readonly action: string;
  readonly match: string;
  readonly auth?: string;
  readonly headers?: PacketHeaders;
}

/** The monitor says that it could not keep up: events are missing here. */
export interface LostEvent extends EventBase {
  readonly type: "lost";
  readonly count: number;
}

export type MonitorEvent =
  | TraceEvent
  | DropEvent
  | CaptureEvent
  | DebugEvent
  | AgentEvent
  | L7Event
  | PolicyVerdictEvent
  | LostEvent;

/** An event about one packet, with the headers to tell which. */
export type PacketEvent = TraceEvent | DropEvent;

/** What became of one line of a capture. */
export type DecodedLine =
  | { readonly type: "event"; readonly event: MonitorEvent; readonly problems: readonly Problem[] }
  /** A line that is knowingly no event: a remark, a prompt, a banner, a log line of the agent. */
  | { readonly type: "remark"; readonly place: Place }
  /** A line that should be an event and can't be read. */
  | { readonly type: "problem"; readonly problem: Problem };

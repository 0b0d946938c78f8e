import type { Address } from "../net/address.js";
import type { Place, Problem } from "../text/span.js";

/** The headers of one packet, read from the dissected layers of an event. All fields as on the wire. */
export interface PacketHeaders {
  readonly ethernet?: { readonly src?: string; readonly dst?: string; readonly type?: string };
  readonly arp?: ArpMessage;
  readonly ip?: IpHeader;
  readonly l4?: TransportHeader;
  /** The outer headers of an encapsulated packet; the fields beside this then describe the inner one. */
  readonly tunnel?: PacketHeaders & { readonly vni?: number; readonly protocol?: "vxlan" | "geneve" };
}

/** An ARP message for IPv4 (RFC 826). */
export interface ArpMessage {
  readonly operation: "request" | "reply" | "other";
  /** Whose message it is. */
  readonly sender: Address;
  /** Whose hardware address is asked for or, in a reply, who asked. */
  readonly target: Address;
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
  readonly dontFragment?: boolean;
  /** Bytes of the whole packet, header included. */
  readonly length?: number;
  /** IPv6 only. */
  readonly flowLabel?: number;
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
      /** As carried, before scaling. */
      readonly window?: number;
    }
  | {
      readonly protocol: "udp";
      readonly sport: number;
      readonly dport: number;
      /** Bytes, header included. */
      readonly length?: number;
    }
  | { readonly protocol: "sctp"; readonly sport: number; readonly dport: number; readonly verificationTag?: number }
  | {
      readonly protocol: "icmp" | "icmpv6";
      /** gopacket's words: `EchoRequest`, `DestinationUnreachable(Port)` ... */
      readonly typeCode: string;
      /** Identifier and sequence of an echo; absent for other types and for dissected ICMPv6 (gopacket does not print them). */
      readonly id?: number;
      readonly seq?: number;
      /** The MTU that an error names: fragmentation needed (RFC 1191) or packet too big (RFC 4443). Never 0, as old routers send it. */
      readonly mtu?: number;
      /** The router that an ICMPv4 redirect names (RFC 792). */
      readonly gateway?: Address;
      /** The packet that an error is about, as far as its headers were captured; where the bytes are printed only. */
      readonly about?: PacketHeaders;
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
  /** What else Hubble calls an end: a service as `namespace/name`, or DNS names separated by commas. */
  readonly sourceName?: string;
  readonly destinationName?: string;
  /** The direction of the connection as seen from the reporting endpoint. */
  readonly trafficDirection?: "ingress" | "egress";
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
  /** The endpoint whose policy decided; 0 where Hubble's text does not say. */
  readonly endpoint: number;
  readonly remoteIdentity: string;
  /** Which policy was asked. `unknown` in Hubble's text until Cilium 1.11 alone. */
  readonly direction: "ingress" | "egress" | "unknown";
  readonly action: string;
  readonly match: string;
  readonly auth?: string;
  readonly headers?: PacketHeaders;
}

/** The monitor, or Hubble, says that it could not keep up: events are missing here. */
export interface LostEvent extends EventBase {
  readonly type: "lost";
  readonly count: number;
  /** Which queue overran, in Hubble's words: `PERF_EVENT_RING_BUFFER`, `OBSERVER_EVENTS_QUEUE`, `HUBBLE_RING_BUFFER`. */
  readonly source?: string;
}

/** The socket load balancer translated the peer of a socket (bpf/lib/trace_sock.h). Printed as text only, or by Hubble. */
export interface SocketEvent extends EventBase {
  readonly type: "trace-sock";
  /** `pre-xlate-fwd`, `post-xlate-fwd`, `pre-xlate-rev`, `post-xlate-rev`, or `unknown`. */
  readonly point: string;
  readonly cgroupId?: bigint;
  /** The kernel's number of the socket: events with the same one are of one socket. */
  readonly cookie?: bigint;
  /** The peer at this point; its address is absent where Hubble's text prints a name instead. */
  readonly peer: { readonly address?: Address; readonly port?: number };
  readonly protocol?: "tcp" | "udp";
}

/** A packet that the packet recorder caught (1.10 to 1.18). Printed as text only. */
export interface RecorderEvent extends EventBase {
  readonly type: "recorder";
  readonly direction: "ingress" | "egress";
  /** The number of the recorder's rule that matched. */
  readonly rule: number;
  /** Nanoseconds since the node started. */
  readonly time: bigint;
  /** Bytes that were captured. */
  readonly captured: number;
  /** Length of the packet in bytes. */
  readonly bytes: number;
  readonly headers?: PacketHeaders;
}

/** The monitor met an event that it does not know or could not read: something happened here that is not shown. */
export interface UnknownEvent extends EventBase {
  readonly type: "unknown";
  /** The first byte of the record (see cilium/messageTypes), where it is told. */
  readonly messageType?: number;
  /** The monitor's own words about it. */
  readonly message: string;
}

/** Hubble Relay says which nodes report, or no longer do (api/v1/relay/relay.proto). */
export interface NodeStatusEvent extends EventBase {
  readonly type: "node-status";
  /** `NODE_CONNECTED`, `NODE_UNAVAILABLE`, `NODE_GONE`, `NODE_ERROR`. */
  readonly state: string;
  readonly nodes: readonly string[];
  readonly message?: string;
}

/**
 * A function of the kernel that handled a packet, as pwru saw it (github.com/cilium/pwru, internal/pwru/output.go). A witness of its own:
 * it shows what the kernel did between the events of Cilium, and prints the real fwmark.
 */
export interface KernelEvent extends EventBase {
  readonly type: "pwru";
  /** The kernel's function, without what pwru adds to its name. */
  readonly function: string;
  /** The name or number of the kernel's drop reason, where the function frees a packet. */
  readonly dropReason?: string;
  /** Set where the function is a BPF program. */
  readonly hook?: "tc" | "xdp";
  readonly caller?: string;
  /** The address of the packet's buffer: lines with the same one are of one packet, until it is freed. */
  readonly skb: string;
  readonly process?: string;
  /** As printed: an absolute time, or nanoseconds since the node started or since the packet's line before. */
  readonly time?: string;
  /** The inode of the network namespace, and its name where there is one. */
  readonly netns?: number;
  readonly netnsName?: string;
  readonly fwmark?: number;
  readonly ifname?: string;
  readonly ifindex?: number;
  readonly mtu?: number;
  readonly bytes?: number;
  readonly headers?: PacketHeaders;
}

export type MonitorEvent =
  | TraceEvent
  | DropEvent
  | CaptureEvent
  | DebugEvent
  | AgentEvent
  | L7Event
  | PolicyVerdictEvent
  | LostEvent
  | SocketEvent
  | RecorderEvent
  | UnknownEvent
  | NodeStatusEvent
  | KernelEvent;

/** An event about one packet, with the headers to tell which. */
export type PacketEvent = TraceEvent | DropEvent;

/** What became of one line of a capture. */
export type DecodedLine =
  | { readonly type: "event"; readonly event: MonitorEvent; readonly problems: readonly Problem[] }
  /** A line that is knowingly no event: a remark, a prompt, a banner, a log line of the agent. */
  | { readonly type: "remark"; readonly place: Place }
  /** A line that should be an event and can't be read. */
  | { readonly type: "problem"; readonly problem: Problem };

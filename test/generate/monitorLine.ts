/** One packet as it looks at one place. */
export interface Wire {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly protocol: "tcp" | "udp" | "icmp" | "icmpv6" | "esp";
  /** TCP flags, as gopacket names them; or an ICMP type. */
  readonly flags: readonly string[];
  readonly ttl: number;
  /** IPv4 identification; also the TCP or ICMP sequence. */
  readonly id: number;
  /** The outer addresses, inside a tunnel. */
  readonly tunnel?: { readonly src: string; readonly dst: string; readonly id: number };
}

/** A trace event before it is printed. */
export interface TraceLine {
  readonly cpu: number;
  readonly point: string;
  /** Device name, or `0`. */
  readonly device: string;
  readonly state: string;
  /** Of a drop event; a trace event has none. */
  readonly reason?: string;
  readonly source: number;
  readonly dstEndpoint: number;
  readonly srcIdentity: number;
  readonly dstIdentity: number;
  readonly macs: readonly [src: string, dst: string];
  readonly wire: Wire;
  /** Length of the frame; 74 where it does not matter. */
  readonly bytes?: number;
}

const protocolNames = { tcp: "TCP", udp: "UDP", icmp: "ICMPv4", icmpv6: "ICMPv6", esp: "ESP" } as const;
const tcpFlags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"];

function ipLayer(src: string, dst: string, ttl: number, id: number, protocol: string): Record<string, string> {
  if (src.includes(":")) {
    return {
      ipv6: `IPv6\t{Contents=[..40..] Payload=[..40..] Version=6 TrafficClass=0 FlowLabel=0 Length=40 NextHeader=${protocol} HopLimit=${ttl} SrcIP=${src} DstIP=${dst} HopByHop=nil}`,
    };
  }
  return {
    ipv4: `IPv4\t{Contents=[..20..] Payload=[..40..] Version=4 IHL=5 TOS=0 Length=60 Id=${id} Flags=DF FragOffset=0 TTL=${ttl} Protocol=${protocol} Checksum=1 SrcIP=${src} DstIP=${dst} Options=[] Padding=[]}`,
  };
}

function transportLayer({ protocol, sport, dport, flags, id }: Wire): Record<string, unknown> {
  const l4 = { l4: { src: String(sport), dst: String(dport) } };
  switch (protocol) {
    case "tcp": {
      const set = tcpFlags.map((name) => `${name}=${flags.includes(name)}`).join(" ");
      return {
        tcp: `TCP\t{Contents=[..20..] Payload=[] SrcPort=${sport} DstPort=${dport} Seq=${id * 1000} Ack=${flags.includes("ACK") ? 1 : 0} DataOffset=5 ${set} Window=64860 Checksum=1 Urgent=0 Options=[] Padding=[]}`,
        ...l4,
      };
    }
    case "udp":
      return {
        udp: `UDP\t{Contents=[..8..] Payload=[..32..] SrcPort=${sport} DstPort=${dport} Length=40 Checksum=1}`,
        ...l4,
      };
    case "icmp":
      return {
        icmpv4: `ICMPv4\t{Contents=[..8..] Payload=[..32..] TypeCode=${flags[0] ?? "EchoRequest"} Checksum=1 Id=${sport} Seq=${id}}`,
      };
    case "icmpv6":
      return {
        icmpv6: `ICMPv6\t{Contents=[..4..] Payload=[..32..] TypeCode=${flags[0] ?? "EchoRequest"} Checksum=1 TypeBytes=[]}`,
      };
    case "esp":
      return {};
  }
}

function ethernet([src, dst]: TraceLine["macs"], v6: boolean): Record<string, unknown> {
  return {
    ethernet: `Ethernet\t{Contents=[..14..] Payload=[..60..] SrcMAC=${src} DstMAC=${dst} EthernetType=${v6 ? "IPv6" : "IPv4"} Length=0}`,
    l2: { src, dst },
  };
}

function tunnelLayers({ tunnel }: Wire, macs: TraceLine["macs"]): Record<string, unknown> {
  if (!tunnel) return {};
  const { src, dst, id } = tunnel;
  return {
    tunnel: {
      ...ethernet(macs, false),
      ...ipLayer(src, dst, 64, id, "UDP"),
      udp: "UDP\t{Contents=[..8..] Payload=[..90..] SrcPort=48562 DstPort=8472(otv) Length=114 Checksum=0}",
      vxlan:
        "VXLAN\t{Contents=[..8..] Payload=[..82..] ValidIDFlag=true VNI=1105 GBPExtension=false GBPDontLearn=false GBPApplied=false GBPGroupPolicyID=0}",
      l3: { src, dst },
      l4: { src: "48562", dst: "8472" },
    },
  };
}

/** Where the packet is, as the monitor words it: `-> endpoint 77`. */
export function summaryWords({ point, dstEndpoint, source }: TraceLine): string {
  switch (point) {
    case "to-endpoint":
      return `-> endpoint ${dstEndpoint}`;
    case "from-endpoint":
      return `<- endpoint ${source}`;
    case "to-proxy":
      return dstEndpoint === 0 ? "-> proxy" : `-> proxy port ${dstEndpoint}`;
    default:
      return `${point.startsWith("from-") ? "<-" : "->"} ${point.slice(point.indexOf("-") + 1)}`;
  }
}

/** What the headers come to. */
function summaryOf({ wire, macs }: TraceLine): Record<string, unknown> {
  const { src, dst, ttl, id, protocol } = wire;
  return {
    ...ethernet(macs, src.includes(":")),
    ...ipLayer(src, dst, ttl, id, protocolNames[protocol]),
    ...transportLayer(wire),
    l3: { src, dst },
    ...tunnelLayers(wire, macs),
  };
}

/**
 * A line of `cilium monitor -j`, in the order of fields in which Go prints TraceNotifyVerbose and DropNotifyVerbose
 * (pkg/monitor/datapath_trace.go and datapath_drop.go, 1.19).
 */
export function monitorLine(trace: TraceLine): string {
  const cpu = `CPU ${String(trace.cpu).padStart(2, "0")}:`;
  const { source, bytes = 74, srcIdentity: srcLabel, dstIdentity: dstLabel, dstEndpoint: dstID } = trace;
  const summary = summaryOf(trace);
  if (trace.reason !== undefined) {
    const where = { Line: 1328, File: 2, ExtError: 0, Ifindex: 0 };
    const { reason } = trace;
    const drop = { cpu, type: "drop", mark: "0x0", reason, source, bytes, srcLabel, dstLabel, dstID, ...where };
    return JSON.stringify({ ...drop, summary });
  }
  return JSON.stringify({
    cpu,
    type: "trace",
    mark: "0x0",
    ifindex: trace.device,
    state: trace.state,
    observationPoint: trace.point,
    traceSummary: summaryWords(trace),
    source,
    bytes,
    srcLabel,
    dstLabel,
    dstID,
    IpTraceID: 0,
    summary,
  });
}

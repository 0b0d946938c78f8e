/** What a line of `cilium monitor -j` about one packet is made of. */
export interface MadePacket {
  readonly protocol: "ICMPv4" | "TCP" | "UDP";
  readonly src: string;
  readonly dst: string;
  readonly ttl: number;
  readonly ipId: number;
  /** The layer of the transport, as `summary` has it: `"tcp":"TCP\\t{...}"`. */
  readonly layer: string;
  /** `{"src":"40000","dst":"80"}`, or nothing for ICMP. */
  readonly ports: string;
  readonly payload: number;
}

/** Where it is seen. */
export interface MadePoint {
  readonly cpu: number;
  readonly flowHash: number;
  readonly device: string;
  readonly state: string;
  readonly point: string;
  readonly summary: string;
  readonly source: number;
  readonly srcIdentity: number;
  readonly dstIdentity: number;
  readonly dstEndpoint: number;
  readonly srcMac: string;
  readonly dstMac: string;
}

export function icmpLayer(typeCode: string, id: number, seq: number): string {
  return `"icmpv4":"ICMPv4\\t{Contents=[..8..] Payload=[..56..] TypeCode=${typeCode} Checksum=${(id * 7 + seq) & 65535} Id=${id} Seq=${seq}}"`;
}

export function udpLayer(sport: number, dport: number): string {
  const name = dport === 53 ? "53(domain)" : dport;
  return `"udp":"UDP\\t{Contents=[..8..] Payload=[..40..] SrcPort=${sport === 53 ? "53(domain)" : sport} DstPort=${name} Length=48 Checksum=${(sport * 31 + dport) & 65535}}"`;
}

const tcpFlags = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "NS"] as const;

export function tcpLayer(sport: string, dport: string, seq: number, ack: number, flags: readonly string[]): string {
  const set = tcpFlags.map((flag) => `${flag}=${flags.includes(flag)}`).join(" ");
  const stamps = `TCPOption(NOP:), TCPOption(NOP:), TCPOption(Timestamps:${seq & 0xffff}/${ack & 0xffff} 0x0000000000000000)`;
  return `"tcp":"TCP\\t{Contents=[..32..] Payload=[] SrcPort=${sport} DstPort=${dport} Seq=${seq} Ack=${ack} DataOffset=8 ${set} Window=501 Checksum=${(seq ^ ack) & 65535} Urgent=0 Options=[${stamps}] Padding=[] Multipath=false}"`;
}

function summary(at: MadePoint, { protocol, src, dst, ttl, ipId, layer, ports, payload }: MadePacket): string {
  const ethernet = `"ethernet":"Ethernet\\t{Contents=[..14..] Payload=[..${payload + 20}..] SrcMAC=${at.srcMac} DstMAC=${at.dstMac} EthernetType=IPv4 Length=0}"`;
  const ip = `"ipv4":"IPv4\\t{Contents=[..20..] Payload=[..${payload}..] Version=4 IHL=5 TOS=0 Length=${payload + 20} Id=${ipId} Flags=DF FragOffset=0 TTL=${ttl} Protocol=${protocol} Checksum=${(ipId * 13 + ttl) & 65535} SrcIP=${src} DstIP=${dst} Options=[] Padding=[]}"`;
  const l4 = ports === "" ? "" : `,"l4":${ports}`;
  return `{${ethernet},${ip},${layer},"l2":{"src":"${at.srcMac}","dst":"${at.dstMac}"},"l3":{"src":"${src}","dst":"${dst}"}${l4}}`;
}

/** A trace line, without its end. */
export function traceLine(at: MadePoint, packet: MadePacket): string {
  return `{"cpu":"CPU ${String(at.cpu).padStart(2, "0")}:","type":"trace","mark":"0x${at.flowHash.toString(16)}","ifindex":"${at.device}","state":"${at.state}","observationPoint":"${at.point}","traceSummary":"${at.summary}","source":${at.source},"bytes":${packet.payload + 34},"srcLabel":${at.srcIdentity},"dstLabel":${at.dstIdentity},"dstID":${at.dstEndpoint},"summary":${summary(at, packet)}}`;
}

/** A drop line, without its end. */
export function dropLine(at: MadePoint, packet: MadePacket, reason: string): string {
  return `{"cpu":"CPU ${String(at.cpu).padStart(2, "0")}:","type":"drop","mark":"0x${at.flowHash.toString(16)}","reason":"${reason}","source":${at.source},"bytes":${packet.payload + 34},"srcLabel":${at.srcIdentity},"dstLabel":${at.dstIdentity},"dstID":${at.dstEndpoint},"Line":1328,"File":2,"ExtError":0,"Ifindex":7,"summary":${summary(at, packet)}}`;
}

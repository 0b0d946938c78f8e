import { type Address, parseAddress } from "../net/address.js";
import type { IpHeader, PacketHeaders, TransportHeader } from "./event.js";
import { type LayerField, layerFields } from "./layerFields.js";

/** DissectSummary of pkg/monitor/dissect.go: a layer is gopacket's text, `l2` to `l4` are plain ends. */
export interface LayerSummary {
  readonly [layer: string]: unknown;
}

type Fields = ReadonlyMap<string, string>;

/** Upper-case flag names in the order `TransportHeader.flags` promises. */
const tcpFlags = ["SYN", "ACK", "FIN", "RST", "PSH", "URG", "ECE", "CWR", "NS"] as const;

/**
 * The headers in a `summary` object. Layers are read from gopacket's text; where one is missing or unreadable, the plain ends
 * (`l2`, `l3`, `l4`) stand in for it. `undefined` where nothing of a packet can be read.
 */
export function readHeaders(summary: LayerSummary): PacketHeaders | undefined {
  const ethernet = readEthernet(summary);
  const ip = readIp(summary);
  const l4 = readTransport(summary);
  const tunnel = isObject(summary.tunnel) ? readTunnel(summary.tunnel) : undefined;
  if (!ethernet && !ip && !l4 && !tunnel) return undefined;
  return { ...(ethernet && { ethernet }), ...(ip && { ip }), ...(l4 && { l4 }), ...(tunnel && { tunnel }) };
}

/** Since 1.18: the outer headers, with the tunnel's own layer among them. */
function readTunnel(summary: LayerSummary): NonNullable<PacketHeaders["tunnel"]> | undefined {
  const protocol = layer(summary, "vxlan") ? "vxlan" : layer(summary, "geneve") ? "geneve" : undefined;
  const vni = protocol && number(layer(summary, protocol), "VNI");
  const headers = readHeaders({ ...summary, tunnel: undefined });
  if (!headers && !protocol) return undefined;
  return { ...headers, ...(protocol && { protocol }), ...(vni !== undefined && { vni }) };
}

function readEthernet(summary: LayerSummary): PacketHeaders["ethernet"] {
  const fields = layer(summary, "ethernet");
  const ends = endsOf(summary, "l2");
  const src = fields?.get("SrcMAC") || ends.src;
  const dst = fields?.get("DstMAC") || ends.dst;
  const type = fields?.get("EthernetType");
  if (!src && !dst && !type) return undefined;
  return { ...(src && { src }), ...(dst && { dst }), ...(type && { type }) };
}

function readIp(summary: LayerSummary): IpHeader | undefined {
  const v4 = layer(summary, "ipv4");
  const fields = v4 ?? layer(summary, "ipv6");
  const ends = endsOf(summary, "l3");
  const src = address(fields?.get("SrcIP")) ?? address(ends.src);
  const dst = address(fields?.get("DstIP")) ?? address(ends.dst);
  if (!src || !dst) return undefined;
  const ttl = number(fields, v4 ? "TTL" : "HopLimit");
  const id = number(v4, "Id");
  const tos = number(fields, v4 ? "TOS" : "TrafficClass");
  const protocol = fields?.get(v4 ? "Protocol" : "NextHeader");
  // The field counts units of eight bytes (RFC 791 section 3.1).
  const offset = number(v4, "FragOffset");
  return {
    src,
    dst,
    ...(ttl !== undefined && { ttl }),
    ...(id !== undefined && { id }),
    ...(tos !== undefined && { tos }),
    ...(protocol && { protocol }),
    ...(offset !== undefined && { fragmentOffset: offset * 8 }),
    ...(v4 && { moreFragments: (v4.get("Flags") ?? "").split("|").includes("MF") }),
  };
}

function readTransport(summary: LayerSummary): TransportHeader | undefined {
  const tcp = layer(summary, "tcp");
  if (tcp) return readTcp(tcp, summary);
  for (const protocol of ["udp", "sctp"] as const) {
    const fields = layer(summary, protocol);
    const ports = fields && readPorts(fields, summary);
    if (ports) return { protocol, ...ports };
  }
  const icmp = layer(summary, "icmpv4");
  if (icmp) return readEcho(icmp, "icmp");
  const icmp6 = layer(summary, "icmpv6");
  if (icmp6) return readEcho(icmp6, "icmpv6");
  return undefined;
}

function readTcp(fields: Fields, summary: LayerSummary): TransportHeader | undefined {
  const ports = readPorts(fields, summary);
  if (!ports) return undefined;
  const seq = number(fields, "Seq");
  const ack = number(fields, "Ack");
  return {
    protocol: "tcp",
    ...ports,
    ...(seq !== undefined && { seq }),
    ...(ack !== undefined && { ack }),
    flags: tcpFlags.filter((flag) => fields.get(flag) === "true"),
  };
}

function readEcho(fields: Fields, protocol: "icmp" | "icmpv6"): TransportHeader {
  const typeCode = fields.get("TypeCode") ?? "";
  // gopacket prints Id and Seq for every ICMPv4 type; only echo and timestamp messages have them (RFC 792).
  const numbered = protocol === "icmp" && /^(?:Echo|Timestamp)/.test(typeCode);
  const id = numbered ? number(fields, "Id") : undefined;
  const seq = numbered ? number(fields, "Seq") : undefined;
  return { protocol, typeCode, ...(id !== undefined && { id }), ...(seq !== undefined && { seq }) };
}

function readPorts(fields: Fields, summary: LayerSummary): { sport: number; dport: number } | undefined {
  const ends = endsOf(summary, "l4");
  const sport = port(fields.get("SrcPort")) ?? port(ends.src);
  const dport = port(fields.get("DstPort")) ?? port(ends.dst);
  return sport === undefined || dport === undefined ? undefined : { sport, dport };
}

function layer(summary: LayerSummary, name: string): Fields | undefined {
  const text = summary[name];
  if (typeof text !== "string") return undefined;
  const fields = layerFields(text);
  return fields.length === 0 ? undefined : new Map(fields.map(({ name, value }: LayerField) => [name, value]));
}

function endsOf(summary: LayerSummary, name: string): { src?: string; dst?: string } {
  const ends = summary[name];
  if (!isObject(ends)) return {};
  const { src, dst } = ends;
  return { ...(typeof src === "string" && { src }), ...(typeof dst === "string" && { dst }) };
}

/** `53(domain)` is how gopacket prints a port with a name. */
function port(text: string | undefined): number | undefined {
  const digits = text === undefined ? undefined : /^(\d{1,5})(?:\(|$)/.exec(text)?.[1];
  return digits === undefined || Number(digits) > 65535 ? undefined : Number(digits);
}

function number(fields: Fields | undefined, name: string): number | undefined {
  const text = fields?.get(name);
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

function address(text: string | undefined): Address | undefined {
  return text === undefined ? undefined : parseAddress(text);
}

function isObject(value: unknown): value is LayerSummary {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import { type Address, parseAddress } from "../net/address.js";
import type { ArpMessage, IpHeader, PacketHeaders, TransportHeader } from "./event.js";
import { layerValues } from "./layerFields.js";
import { tcpFlagNames } from "./tcpFlags.js";

/** DissectSummary of pkg/monitor/dissect.go: a layer is gopacket's text, `l2` to `l4` are plain ends. */
export interface LayerSummary {
  readonly [layer: string]: unknown;
}

type Fields = ReadonlyMap<string, string>;

/**
 * The headers in a `summary` object. Layers are read from gopacket's text; where one is missing or unreadable, the plain ends
 * (`l2`, `l3`, `l4`) stand in for it. `undefined` where nothing of a packet can be read.
 */
export function readHeaders(summary: LayerSummary): PacketHeaders | undefined {
  const ethernet = readEthernet(summary);
  const arp = readArp(layer(summary, "arp"));
  const ip = readIp(summary);
  const l4 = readTransport(summary);
  const tunnel = isObject(summary.tunnel) ? readTunnel(summary.tunnel) : undefined;
  if (!ethernet && !arp && !ip && !l4 && !tunnel) return undefined;
  return {
    ...(ethernet && { ethernet }),
    ...(arp && { arp }),
    ...(ip && { ip }),
    ...(l4 && { l4 }),
    ...(tunnel && { tunnel }),
  };
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
  const src = fields?.get("SrcMAC") || endOf(summary, "l2", "src");
  const dst = fields?.get("DstMAC") || endOf(summary, "l2", "dst");
  const type = fields?.get("EthernetType");
  if (!src && !dst && !type) return undefined;
  return { ...(src && { src }), ...(dst && { dst }), ...(type && { type }) };
}

/** gopacket prints the four bytes of an IPv4 address as a list: `SourceProtAddress=[192, 0, 2, 1]`. */
function readArp(fields: Fields | undefined): ArpMessage | undefined {
  const address4 = (name: string) => address(fields?.get(name)?.slice(1, -1).replaceAll(", ", "."));
  const sender = address4("SourceProtAddress");
  const target = address4("DstProtAddress");
  const code = fields?.get("Operation");
  if (!sender || !target) return undefined;
  return { operation: code === "1" ? "request" : code === "2" ? "reply" : "other", sender, target };
}

function readIp(summary: LayerSummary): IpHeader | undefined {
  const v4 = layer(summary, "ipv4");
  const fields = v4 ?? layer(summary, "ipv6");
  const src = address(fields?.get("SrcIP")) ?? address(endOf(summary, "l3", "src"));
  const dst = address(fields?.get("DstIP")) ?? address(endOf(summary, "l3", "dst"));
  if (!src || !dst) return undefined;
  const ttl = number(fields, v4 ? "TTL" : "HopLimit");
  const id = number(v4, "Id");
  const tos = number(fields, v4 ? "TOS" : "TrafficClass");
  const protocol = fields?.get(v4 ? "Protocol" : "NextHeader");
  // The field counts units of eight bytes (RFC 791 section 3.1).
  const offset = number(v4, "FragOffset");
  const flags = v4 && (v4.get("Flags") ?? "").split("|");
  const bytes = number(fields, "Length");
  const flowLabel = v4 ? undefined : number(fields, "FlowLabel");
  return {
    src,
    dst,
    ...(ttl !== undefined && { ttl }),
    ...(id !== undefined && { id }),
    ...(tos !== undefined && { tos }),
    ...(protocol && { protocol }),
    ...(offset !== undefined && { fragmentOffset: offset * 8 }),
    ...(flags && { moreFragments: flags.includes("MF"), dontFragment: flags.includes("DF") }),
    // IPv6 counts what follows its header, which has 40 bytes (RFC 8200 section 3).
    ...(bytes !== undefined && { length: v4 ? bytes : bytes + 40 }),
    ...(flowLabel !== undefined && { flowLabel }),
  };
}

function readTransport(summary: LayerSummary): TransportHeader | undefined {
  const tcp = layer(summary, "tcp");
  if (tcp) return readTcp(tcp, summary);
  const udp = layer(summary, "udp");
  if (udp) return readDatagram(udp, summary);
  const sctp = layer(summary, "sctp");
  if (sctp) return readSctp(sctp, summary);
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
  const window = number(fields, "Window");
  return {
    protocol: "tcp",
    ...ports,
    ...(seq !== undefined && { seq }),
    ...(ack !== undefined && { ack }),
    flags: tcpFlagNames.filter((flag) => fields.get(flag) === "true"),
    ...(window !== undefined && { window }),
  };
}

function readDatagram(fields: Fields, summary: LayerSummary): TransportHeader | undefined {
  const ports = readPorts(fields, summary);
  const length = number(fields, "Length");
  return ports && { protocol: "udp", ...ports, ...(length !== undefined && { length }) };
}

function readSctp(fields: Fields, summary: LayerSummary): TransportHeader | undefined {
  const ports = readPorts(fields, summary);
  const verificationTag = number(fields, "VerificationTag");
  return ports && { protocol: "sctp", ...ports, ...(verificationTag !== undefined && { verificationTag }) };
}

function readEcho(fields: Fields, protocol: "icmp" | "icmpv6"): TransportHeader {
  const typeCode = fields.get("TypeCode") ?? "";
  // gopacket prints Id and Seq for every ICMPv4 type; only echo and timestamp messages have them (RFC 792).
  const numbered = protocol === "icmp" && /^(?:Echo|Timestamp)/.test(typeCode);
  const id = numbered ? number(fields, "Id") : undefined;
  const seq = numbered ? number(fields, "Seq") : undefined;
  return {
    protocol,
    typeCode,
    ...(id !== undefined && { id }),
    ...(seq !== undefined && { seq }),
    ...(protocol === "icmp" && readErrorWord(typeCode, number(fields, "Id") ?? 0, number(fields, "Seq") ?? 0)),
  };
}

/** What an ICMPv4 error says in the four bytes that gopacket calls Id and Seq whatever the type (layers/icmp4.go). */
function readErrorWord(typeCode: string, high: number, low: number): { mtu?: number; gateway?: Address } {
  if (typeCode === "DestinationUnreachable(FragmentationNeeded)" && low !== 0) return { mtu: low };
  const gateway = typeCode.startsWith("Redirect(")
    ? address([high >>> 8, high & 0xff, low >>> 8, low & 0xff].join("."))
    : undefined;
  return gateway ? { gateway } : {};
}

function readPorts(fields: Fields, summary: LayerSummary): { sport: number; dport: number } | undefined {
  const sport = port(fields.get("SrcPort")) ?? port(endOf(summary, "l4", "src"));
  const dport = port(fields.get("DstPort")) ?? port(endOf(summary, "l4", "dst"));
  return sport === undefined || dport === undefined ? undefined : { sport, dport };
}

function layer(summary: LayerSummary, name: string): Fields | undefined {
  const text = summary[name];
  if (typeof text !== "string") return undefined;
  const fields = layerValues(text);
  return fields.size === 0 ? undefined : fields;
}

function endOf(summary: LayerSummary, name: string, end: "src" | "dst"): string | undefined {
  const ends = summary[name];
  const text = isObject(ends) ? ends[end] : undefined;
  return typeof text === "string" ? text : undefined;
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

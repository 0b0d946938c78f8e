import { parseAddress } from "../net/address.js";
import type { IpHeader, PacketHeaders, TransportHeader } from "./event.js";
import { icmpTypeCode } from "./icmpTypes.js";
import { integerOf, recordOf, textOf } from "./jsonValues.js";
import { tcpFlagNames } from "./tcpFlags.js";

/**
 * The headers in a Hubble flow (`ethernet`, `IP`, `l4`, `tunnel` of api/v1/flow/flow.proto), as on the wire: where the source was
 * translated, `source_xlated` is what the packet carried. `undefined` where the record has none.
 */
export function hubbleHeaders(flow: Readonly<Record<string, unknown>>): PacketHeaders | undefined {
  const ethernet = readEthernet(recordOf(flow.ethernet));
  const transport = recordOf(flow.l4);
  const ip = readIp(recordOf(flow.IP), transport);
  const l4 = readTransport(transport);
  const tunnel = readTunnel(recordOf(flow.tunnel));
  if (!ethernet && !ip && !l4 && !tunnel) return undefined;
  return { ...(ethernet && { ethernet }), ...(ip && { ip }), ...(l4 && { l4 }), ...(tunnel && { tunnel }) };
}

function readEthernet(value: Readonly<Record<string, unknown>>): PacketHeaders["ethernet"] {
  const src = textOf(value.source);
  const dst = textOf(value.destination);
  return src || dst ? { ...(src && { src }), ...(dst && { dst }) } : undefined;
}

/** Protocols without ports are named; those with ports, and ICMP, tell themselves. */
function readIp(
  value: Readonly<Record<string, unknown>>,
  transport: Readonly<Record<string, unknown>>,
): IpHeader | undefined {
  const src = parseAddress(textOf(value.source_xlated) || (textOf(value.source) ?? ""));
  const dst = parseAddress(textOf(value.destination) ?? "");
  const protocol = "VRRP" in transport ? "VRRP" : "IGMP" in transport ? "IGMP" : undefined;
  return src && dst ? { src, dst, ...(protocol && { protocol }) } : undefined;
}

function readTunnel(value: Readonly<Record<string, unknown>>): PacketHeaders["tunnel"] {
  if (Object.keys(value).length === 0) return undefined;
  const word = textOf(value.protocol)?.toLowerCase();
  const protocol = word === "vxlan" || word === "geneve" ? word : undefined;
  const vni = integerOf(value.vni);
  const headers = hubbleHeaders({ IP: value.IP, l4: value.l4 });
  if (!protocol && !headers) return undefined;
  return { ...headers, ...(protocol && { protocol }), ...(vni !== undefined && { vni }) };
}

/** protobuf JSON leaves fields that are 0 out: an ICMPv4 message without a type is an echo reply. */
function readTransport(value: Readonly<Record<string, unknown>>): TransportHeader | undefined {
  if ("TCP" in value) {
    const tcp = recordOf(value.TCP);
    const set = recordOf(tcp.flags);
    return { protocol: "tcp", ...ports(tcp), flags: tcpFlagNames.filter((name) => set[name] === true) };
  }
  if ("UDP" in value) return { protocol: "udp", ...ports(recordOf(value.UDP)) };
  if ("SCTP" in value) return { protocol: "sctp", ...ports(recordOf(value.SCTP)) };
  if ("ICMPv4" in value) return icmp("icmp", recordOf(value.ICMPv4));
  return "ICMPv6" in value ? icmp("icmpv6", recordOf(value.ICMPv6)) : undefined;
}

function ports(value: Readonly<Record<string, unknown>>) {
  return { sport: integerOf(value.source_port) ?? 0, dport: integerOf(value.destination_port) ?? 0 };
}

function icmp(protocol: "icmp" | "icmpv6", value: Readonly<Record<string, unknown>>): TransportHeader {
  const type = integerOf(value.type) ?? 0;
  return { protocol, typeCode: icmpTypeCode(protocol, type, integerOf(value.code) ?? 0) };
}

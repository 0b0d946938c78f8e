import type { Address } from "../net/address.js";
import { address4, address6, type Bytes, byte, long, mac, skip, word } from "./bytes.js";
import type { ArpMessage, IpHeader, PacketHeaders, TransportHeader } from "./event.js";
import { icmpTypeCode } from "./icmpTypes.js";
import { ipProtocolName } from "./ipProtocols.js";

const etherTypes: Readonly<Record<number, string>> = { 2048: "IPv4", 2054: "ARP", 34525: "IPv6", 33024: "Dot1Q" };
/** The order that `TransportHeader.flags` promises, with each flag's bit of the two bytes that hold data offset and flags. */
const tcpFlags = [
  ["SYN", 0x002],
  ["ACK", 0x010],
  ["FIN", 0x001],
  ["RST", 0x004],
  ["PSH", 0x008],
  ["URG", 0x020],
  ["ECE", 0x040],
  ["CWR", 0x080],
  ["NS", 0x100],
] as const;
/** Cilium's defaults (pkg/defaults, Cilium 1.19) and the ports of RFC 7348 and RFC 8926. */
const tunnelPorts: Readonly<Record<number, "vxlan" | "geneve">> = { 8472: "vxlan", 4789: "vxlan", 6081: "geneve" };
const transparentEthernet = 0x6558;
/** A packet of a real network is not wrapped deeper; each step reads on in the same bytes. */
const mostHeaders = 8;

/**
 * The headers in the bytes of a packet, as far as they were captured: from the Ethernet header on, or from the IP header on where a
 * device has no link layer. In a tunnel's packet the headers are the inner ones and `tunnel` has the outer ones. `undefined` where
 * nothing can be read.
 */
export function headersOfBytes(all: Uint8Array): PacketHeaders | undefined {
  const bytes = { all, at: 0 };
  const headers = startsWithIp(bytes) ? readIp(bytes, mostHeaders) : readFrame(bytes, mostHeaders);
  return headers && Object.keys(headers).length > 0 ? headers : undefined;
}

/** A frame whose first byte reads like an IP version has a known type in bytes 12 and 13; a packet there has part of an address. */
function startsWithIp(bytes: Bytes): boolean {
  if (etherTypes[word(bytes, 12) ?? 0] !== undefined) return false;
  const first = byte(bytes, 0) ?? 0;
  return first >>> 4 === 6 || (first >>> 4 === 4 && (first & 15) >= 5);
}

function readFrame(bytes: Bytes, left: number): PacketHeaders | undefined {
  const first = word(bytes, 12);
  if (first === undefined) return undefined;
  const isTagged = first === 0x8100;
  const type = isTagged ? word(bytes, 16) : first;
  if (type === undefined) return undefined;
  const ethernet = {
    src: mac(bytes, 6),
    dst: mac(bytes, 0),
    type: etherTypes[type] ?? `0x${type.toString(16).padStart(4, "0")}`,
  };
  const payload = skip(bytes, isTagged ? 18 : 14);
  const arp = type === 0x0806 ? readArp(payload) : undefined;
  const packet = type === 0x0800 || type === 0x86dd ? readIp(payload, left - 1) : undefined;
  return packet?.tunnel
    ? { ...packet, tunnel: { ...packet.tunnel, ethernet } }
    : { ethernet, ...(arp && { arp }), ...packet };
}

function readArp(bytes: Bytes): ArpMessage | undefined {
  const code = word(bytes, 6);
  const sender = address4(bytes, 14);
  const target = address4(bytes, 24);
  if (word(bytes, 2) !== 0x0800 || !sender || !target) return undefined;
  return { operation: code === 1 ? "request" : code === 2 ? "reply" : "other", sender, target };
}

function readIp(bytes: Bytes, left: number): PacketHeaders | undefined {
  if (left <= 0) return undefined;
  const version = (byte(bytes, 0) ?? 0) >>> 4;
  return version === 4 ? readIp4(bytes, left) : version === 6 ? readIp6(bytes, left) : undefined;
}

/** RFC 791 section 3.1. */
function readIp4(bytes: Bytes, left: number): PacketHeaders | undefined {
  const src = address4(bytes, 12);
  const dst = address4(bytes, 16);
  const length = word(bytes, 2);
  const id = word(bytes, 4);
  const fragment = word(bytes, 6);
  const number = byte(bytes, 9);
  if (!src || !dst || fragment === undefined || number === undefined) return undefined;
  const fragmentOffset = (fragment & 0x1fff) * 8;
  const ip: IpHeader = {
    src,
    dst,
    ...optional("ttl", byte(bytes, 8)),
    ...optional("id", id),
    ...optional("tos", byte(bytes, 1)),
    protocol: ipProtocolName(number),
    fragmentOffset,
    moreFragments: (fragment & 0x2000) !== 0,
    dontFragment: (fragment & 0x4000) !== 0,
    ...optional("length", length),
  };
  const payload = skip(bytes, ((byte(bytes, 0) ?? 0) & 15) * 4);
  return fragmentOffset > 0 ? { ip } : withTransport({ ip }, payload, number, left);
}

/** RFC 8200 section 3. Of extension headers only those with a length of their own are stepped over. */
function readIp6(bytes: Bytes, left: number): PacketHeaders | undefined {
  const src = address6(bytes, 8);
  const dst = address6(bytes, 24);
  const first = word(bytes, 0);
  const low = word(bytes, 2);
  const length = word(bytes, 4);
  let next = byte(bytes, 6);
  if (!src || !dst || first === undefined || low === undefined || next === undefined) return undefined;
  const ip: IpHeader = {
    src,
    dst,
    ...optional("ttl", byte(bytes, 7)),
    tos: (first >>> 4) & 0xff,
    protocol: ipProtocolName(next),
    ...(length !== undefined && { length: length + 40 }),
    flowLabel: (first & 15) * 0x10000 + low,
  };
  let payload = skip(bytes, 40);
  for (let step = 0; step < mostHeaders && (next === 0 || next === 43 || next === 60); step++) {
    const units = byte(payload, 1);
    next = byte(payload, 0);
    if (units === undefined || next === undefined) return { ip };
    payload = skip(payload, (units + 1) * 8);
  }
  return withTransport({ ip }, payload, next, left);
}

function withTransport(
  headers: PacketHeaders,
  bytes: Bytes,
  protocol: number | undefined,
  left: number,
): PacketHeaders {
  const l4 = readTransport(bytes, protocol, left);
  const outer = l4 ? { ...headers, l4 } : headers;
  return (l4?.protocol === "udp" && readTunnel(outer, skip(bytes, 8), l4.dport, left)) || outer;
}

function readTransport(bytes: Bytes, protocol: number | undefined, left: number): TransportHeader | undefined {
  const sport = word(bytes, 0);
  const dport = word(bytes, 2);
  switch (protocol) {
    case 6: {
      const bits = word(bytes, 12);
      if (sport === undefined || dport === undefined) return undefined;
      // An ICMP error need not hold more than the first eight bytes (RFC 792): ports and sequence.
      const flags = tcpFlags.filter(([, bit]) => (bits ?? 0) & bit).map(([name]) => name);
      return {
        protocol: "tcp",
        sport,
        dport,
        ...optional("seq", long(bytes, 4)),
        ...optional("ack", long(bytes, 8)),
        flags,
        ...optional("window", word(bytes, 14)),
      };
    }
    case 17:
      if (sport === undefined || dport === undefined) return undefined;
      return { protocol: "udp", sport, dport, ...optional("length", word(bytes, 4)) };
    case 132:
      if (sport === undefined || dport === undefined) return undefined;
      return { protocol: "sctp", sport, dport, ...optional("verificationTag", long(bytes, 4)) };
    case 1:
    case 58:
      return readIcmp(bytes, protocol === 1 ? "icmp" : "icmpv6", left);
    default:
      return undefined;
  }
}

function readIcmp(bytes: Bytes, protocol: "icmp" | "icmpv6", left: number): TransportHeader | undefined {
  const type = byte(bytes, 0);
  const code = byte(bytes, 1);
  if (type === undefined || code === undefined) return undefined;
  // Echo messages alone have an identifier and a sequence number here (RFC 792, RFC 4443 section 4).
  const isEcho = protocol === "icmp" ? type === 0 || type === 8 : type === 128 || type === 129;
  return {
    protocol,
    typeCode: icmpTypeCode(protocol, type, code),
    ...(isEcho && { ...optional("id", word(bytes, 4)), ...optional("seq", word(bytes, 6)) }),
    ...readError(bytes, protocol, type, code, left),
  };
}

/** What an ICMP error says and the packet it is about, which begins behind its eight bytes (RFC 792, RFC 4443 section 3). */
function readError(
  bytes: Bytes,
  protocol: "icmp" | "icmpv6",
  type: number,
  code: number,
  left: number,
): { readonly mtu?: number; readonly gateway?: Address; readonly about?: PacketHeaders } {
  const isV4 = protocol === "icmp";
  const isError = isV4 ? [3, 4, 5, 11, 12].includes(type) : type >= 1 && type <= 4;
  if (!isError) return {};
  const mtu = isV4 ? (type === 3 && code === 4 ? word(bytes, 6) : undefined) : type === 2 ? long(bytes, 4) : undefined;
  const gateway = isV4 && type === 5 ? address4(bytes, 4) : undefined;
  const about = readIp(skip(bytes, 8), left - 1);
  return { ...(mtu ? { mtu } : {}), ...(gateway && { gateway }), ...(about && { about }) };
}

/** The inner packet behind a VXLAN or Geneve header. `undefined` where the port is no tunnel's or nothing inside can be read. */
function readTunnel(outer: PacketHeaders, bytes: Bytes, port: number, left: number): PacketHeaders | undefined {
  const protocol = tunnelPorts[port];
  const vni = long(bytes, 4);
  if (!protocol || vni === undefined) return undefined;
  const isFrame = protocol === "vxlan" || word(bytes, 2) === transparentEthernet;
  const payload = skip(bytes, protocol === "vxlan" ? 8 : 8 + ((byte(bytes, 0) ?? 0) & 0x3f) * 4);
  const inner = isFrame ? readFrame(payload, left - 1) : readIp(payload, left - 1);
  return inner && { ...inner, tunnel: { ...outer, protocol, vni: vni >>> 8 } };
}

function optional<Key extends string>(key: Key, value: number | undefined): { readonly [K in Key]?: number } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: number };
}

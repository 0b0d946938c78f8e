import { type Address, parseAddress } from "../net/address.js";
import type { PacketHeaders, TransportHeader } from "./event.js";

/** The order in which `TransportHeader.flags` lists what the connection summary can show. */
const shownFlags = ["SYN", "ACK", "FIN", "RST"] as const;

/** Protocols that a summary names but that have no ports, in the words of `IpHeader.protocol`. */
const portless: Readonly<Record<string, string>> = { vrrp: "VRRP", igmp: "IGMP", IPsecAH: "AH", IPsecESP: "ESP" };

/** The outer ends behind those of the inner packet (1.18): ` [tunnel 192.0.2.1:40000 -> 192.0.2.2:8472 vxlan]`. */
const tunnelEnds = / \[tunnel (\S{1,64}) -> (\S{1,64}) (vxlan|geneve)\]$/;

/**
 * Reads a connection summary (pkg/monitor/dissect.go: GetConnectionSummary): `10.0.0.1:80 -> 10.0.0.2:4242 tcp SYN, ACK`,
 * `[2001:db8::1]:80 -> [2001:db8::2]:53 udp`, `10.0.0.1 -> 10.0.0.2 EchoRequest`, `MAC -> MAC ARP`.
 * `undefined` where it names no ends (`[unknown]`, `[error]`).
 */
export function parseConnection(text: string): PacketHeaders | undefined {
  const outer = text.endsWith("]") ? tunnelEnds.exec(text) : null;
  const headers = parseInner(outer ? text.slice(0, outer.index) : text);
  const tunnel = outer && readTunnel(outer);
  return headers && tunnel ? { ...headers, tunnel } : headers;
}

function parseInner(text: string): PacketHeaders | undefined {
  const [left, arrow, right, ...rest] = text.trim().split(" ");
  if (left === undefined || arrow !== "->" || right === undefined) return undefined;
  const src = parseEnd(left);
  const dst = parseEnd(right);
  if (!src || !dst) return macs(left, right, rest.join(" "));
  const protocol = portless[rest[0] ?? ""];
  const ip = { src: src.address, dst: dst.address, ...(protocol !== undefined && { protocol }) };
  const l4 = protocol === undefined ? transport(src.port, dst.port, src.address.family, rest) : undefined;
  return { ip, ...(l4 && { l4 }) };
}

function readTunnel([, left = "", right = "", protocol]: RegExpExecArray): PacketHeaders["tunnel"] {
  const src = parseEnd(left);
  const dst = parseEnd(right);
  if (src?.port === undefined || dst?.port === undefined) return undefined;
  return {
    protocol: protocol === "vxlan" ? "vxlan" : "geneve",
    ip: { src: src.address, dst: dst.address },
    l4: { protocol: "udp", sport: src.port, dport: dst.port },
  };
}

/** An address with its port. IPsec's ends have the colon and no port behind it. */
function parseEnd(text: string): { readonly address: Address; readonly port?: number } | undefined {
  const bare = parseAddress(text);
  if (bare) return { address: bare };
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0));
  const address = parseAddress(host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host);
  const digits = text.slice(colon + 1);
  if (address && digits === "") return { address };
  if (!address || !/^\d{1,5}$/.test(digits) || Number(digits) > 65535) return undefined;
  return { address, port: Number(digits) };
}

function transport(
  sport: number | undefined,
  dport: number | undefined,
  family: 4 | 6,
  words: readonly string[],
): TransportHeader | undefined {
  const [protocol = "", ...rest] = words;
  if (sport !== undefined && dport !== undefined) {
    if (protocol === "udp" || protocol === "sctp") return { protocol, sport, dport };
    if (protocol !== "tcp") return undefined;
    const flags = rest.map((word) => word.replace(",", ""));
    return { protocol, sport, dport, flags: shownFlags.filter((flag) => flags.includes(flag)) };
  }
  // Until 1.18 only the type and code stand there; 1.19 puts `icmp` before them.
  const typeCode = protocol === "icmp" ? rest[0] : protocol;
  if (!typeCode) return undefined;
  return { protocol: family === 4 ? "icmp" : "icmpv6", typeCode };
}

function macs(src: string, dst: string, type: string): PacketHeaders | undefined {
  const mac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;
  if (!mac.test(src) || !mac.test(dst)) return undefined;
  return { ethernet: { src, dst, ...(type && { type }) } };
}

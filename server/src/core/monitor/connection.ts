import { parseAddress } from "../net/address.js";
import type { PacketHeaders, TransportHeader } from "./event.js";

/** The order in which `TransportHeader.flags` lists what the connection summary can show. */
const shownFlags = ["SYN", "ACK", "FIN", "RST"] as const;

/**
 * Reads a connection summary (pkg/monitor/dissect.go: GetConnectionSummary): `10.0.0.1:80 -> 10.0.0.2:4242 tcp SYN, ACK`,
 * `[2001:db8::1]:80 -> [2001:db8::2]:53 udp`, `10.0.0.1 -> 10.0.0.2 EchoRequest`, `MAC -> MAC ARP`.
 * `undefined` where it names no ends (`[unknown]`).
 */
export function parseConnection(text: string): PacketHeaders | undefined {
  const [left, right, ...rest] = splitConnection(text);
  if (left === undefined || right === undefined) return undefined;
  const src = parseEnd(left);
  const dst = parseEnd(right);
  if (!src || !dst) return macs(left, right, rest.join(" "));
  const l4 = transport(src.port, dst.port, src.address.family, rest);
  return { ip: { src: src.address, dst: dst.address }, ...(l4 && { l4 }) };
}

/** The words of a summary: source, destination, and what follows. A tunnel's outer ends in brackets (1.18) are left out. */
function splitConnection(text: string): string[] {
  const tunnel = text.indexOf(" [tunnel ");
  const words = (tunnel < 0 ? text : text.slice(0, tunnel)).trim().split(" ");
  return words[1] === "->" ? [words[0] ?? "", ...words.slice(2)] : [];
}

function parseEnd(text: string) {
  const bare = parseAddress(text);
  if (bare) return { address: bare, port: undefined };
  const colon = text.lastIndexOf(":");
  const host = text.slice(0, Math.max(colon, 0));
  const address = parseAddress(host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host);
  const digits = text.slice(colon + 1);
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
  // Until 1.18 only the type and code stand there; 1.19 puts `icmp` before them. VRRP and IGMP have words of their own.
  const typeCode = protocol === "icmp" ? rest[0] : protocol;
  if (!typeCode || protocol === "vrrp" || protocol === "igmp") return undefined;
  return { protocol: family === 4 ? "icmp" : "icmpv6", typeCode };
}

function macs(src: string, dst: string, type: string): PacketHeaders | undefined {
  const mac = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i;
  if (!mac.test(src) || !mac.test(dst)) return undefined;
  return { ethernet: { src, dst, ...(type && { type }) } };
}

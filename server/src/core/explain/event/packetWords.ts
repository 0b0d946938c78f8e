import type { PacketHeaders, TransportHeader } from "../../monitor/event.js";
import { icmpWords } from "../../monitor/icmpWords.js";
import { formatAddress } from "../../net/address.js";

/** What a packet is, with its article: `an ICMP echo request`, `a TCP SYN,ACK packet`, `a UDP packet`. */
export function packetKind(headers: PacketHeaders | undefined): string {
  const { l4, ip, arp, ethernet } = headers ?? {};
  if (l4) return transportKind(l4);
  if (arp && !ip) return `an ARP ${arp.operation === "other" ? "message" : arp.operation}`;
  if (ip?.fragmentOffset) return "a later fragment";
  if (ip?.protocol) return `a packet of protocol ${ip.protocol}`;
  if (ip) return `an IPv${ip.src.family} packet`;
  if (ethernet?.type) return `a frame of type ${ethernet.type}`;
  return "a packet";
}

function transportKind(l4: TransportHeader): string {
  switch (l4.protocol) {
    case "tcp":
      return l4.flags.length > 0 ? `a TCP ${l4.flags.join(",")} packet` : "a TCP packet";
    case "udp":
      return "a UDP packet";
    case "sctp":
      return "an SCTP packet";
    case "icmp":
    case "icmpv6":
      return `an ${icmpWords(l4)}${l4.mtu === undefined ? "" : ` with MTU ${l4.mtu}`}`;
  }
}

/** The source of a packet as people write it: address and port, or the MAC address of a frame. */
export function packetSource(headers: PacketHeaders | undefined): string | undefined {
  return packetEnd(headers, "src");
}

/** The destination of a packet. */
export function packetDestination(headers: PacketHeaders | undefined): string | undefined {
  return packetEnd(headers, "dst");
}

function packetEnd(headers: PacketHeaders | undefined, end: "src" | "dst"): string | undefined {
  const { ip, l4, arp, ethernet } = headers ?? {};
  if (!ip && arp) return formatAddress(end === "src" ? arp.sender : arp.target);
  if (!ip) return ethernet?.[end];
  const address = formatAddress(ip[end]);
  if (!l4 || !("sport" in l4)) return address;
  const port = end === "src" ? l4.sport : l4.dport;
  return ip[end].family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Kind and ends: `an ICMP echo request from 10.0.0.1 to 10.0.0.2`. */
export function packetWords(headers: PacketHeaders | undefined): string {
  const source = packetSource(headers);
  const destination = packetDestination(headers);
  const kind = packetKind(headers);
  const toward = headers?.arp?.operation === "request" ? "for" : "to";
  return `${kind}${source ? ` from ${source}` : ""}${destination ? ` ${toward} ${destination}` : ""}`;
}

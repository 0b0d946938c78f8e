import type { TransportHeader } from "./event.js";

type IcmpHeader = Extract<TransportHeader, { readonly protocol: "icmp" | "icmpv6" }>;

/** Messages by gopacket's words (layers/icmp4.go, icmp6.go). */
const named: Readonly<Record<string, string>> = {
  EchoRequest: "echo request",
  EchoReply: "echo reply",
  RouterSolicitation: "router solicitation",
  RouterAdvertisement: "router advertisement",
  NeighborSolicitation: "neighbour solicitation",
  NeighborAdvertisement: "neighbour advertisement",
  Redirect: "redirect",
  PacketTooBig: "packet too big",
  TimestampRequest: "timestamp request",
  TimestampReply: "timestamp reply",
};

/** ICMPv6 messages that gopacket has only numbers for (IANA, "ICMPv6 type numbers"; MLD as people call it, RFC 2710 and 3810). */
const numbered6: Readonly<Record<number, string>> = {
  130: "MLD query",
  131: "MLD report",
  132: "MLD done",
  138: "router renumbering",
  139: "node information query",
  140: "node information response",
  141: "inverse neighbour discovery solicitation",
  142: "inverse neighbour discovery advertisement",
  143: "MLDv2 report",
  144: "home agent address discovery request",
  145: "home agent address discovery reply",
  146: "mobile prefix solicitation",
  147: "mobile prefix advertisement",
  148: "certification path solicitation",
  149: "certification path advertisement",
  151: "multicast router advertisement",
  152: "multicast router solicitation",
  153: "multicast router termination",
  155: "RPL control",
  157: "duplicate address request",
  158: "duplicate address confirmation",
  160: "extended echo request",
  161: "extended echo reply",
};

/** What an ICMP message is: `ICMP echo request`, `ICMPv6 MLDv2 report`; with gopacket's own words where there are no better ones. */
export function icmpWords({ protocol, typeCode }: IcmpHeader): string {
  const name = protocol === "icmp" ? "ICMP" : "ICMPv6";
  // gopacket gives ICMPv6 types a code in parentheses even where there is none to tell: `EchoRequest(0)`.
  const type = typeCode.replace(/\(0\)$/, "");
  const words = named[type] ?? (protocol === "icmpv6" && /^\d+$/.test(type) ? numbered6[Number(type)] : undefined);
  return [name, words ?? typeCode].filter(Boolean).join(" ");
}

/** IP protocols and IPv6 extension headers by number (IANA), in gopacket's words (layers/enums.go). */
const names: Readonly<Record<number, string>> = {
  0: "IPv6HopByHop",
  1: "ICMPv4",
  2: "IGMP",
  4: "IPv4",
  6: "TCP",
  17: "UDP",
  41: "IPv6",
  43: "IPv6Routing",
  44: "IPv6Fragment",
  47: "GRE",
  50: "ESP",
  51: "AH",
  58: "ICMPv6",
  59: "NoNextHeader",
  60: "IPv6Destination",
  89: "OSPF",
  94: "IPIP",
  112: "VRRP",
  132: "SCTP",
  136: "UDPLite",
};

/** The name of an IP protocol; its number where it has none here. */
export function ipProtocolName(number: number): string {
  return names[number] ?? String(number);
}

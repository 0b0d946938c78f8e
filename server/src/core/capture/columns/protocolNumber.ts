/** IP protocols by the names that gopacket gives them (layers/enums.go, IPProtocolMetadata); numbers by IANA. */
const numbers: ReadonlyMap<string, number> = new Map([
  ["IPv6HopByHop", 0],
  ["ICMPv4", 1],
  ["IGMP", 2],
  ["IPv4", 4],
  ["TCP", 6],
  ["UDP", 17],
  ["RUDP", 27],
  ["IPv6", 41],
  ["IPv6Routing", 43],
  ["IPv6Fragment", 44],
  ["GRE", 47],
  ["ESP", 50],
  ["AH", 51],
  ["ICMPv6", 58],
  ["NoNextHeader", 59],
  ["IPv6Destination", 60],
  ["OSPF", 89],
  ["IPIP", 94],
  ["EtherIP", 97],
  ["VRRP", 112],
  ["SCTP", 132],
  ["UDPLite", 136],
  ["MPLSInIP", 137],
  // The transport headers of `PacketHeaders`.
  ["icmp", 1],
  ["tcp", 6],
  ["udp", 17],
  ["icmpv6", 58],
  ["sctp", 132],
]);

/** The number of a protocol by its name in a transport header or in gopacket's words; 0 for any other. */
export function protocolNumber(name: string | undefined): number {
  return (name !== undefined && numbers.get(name)) || 0;
}

/** By number the last name above, which for the transport headers is theirs. */
const names: ReadonlyMap<number, string> = new Map([...numbers].map(([name, number]) => [number, name]));

/** The name of a protocol by its number, as `protocolNumber` takes it; of an unknown one the version of IP. */
export function protocolName(number: number, isIpv6: boolean): string {
  if (number === protocols.frame) return "frame";
  return (number !== 0 && names.get(number)) || (isIpv6 ? "ipv6" : "ipv4");
}

/** Protocol numbers that joining treats in ways of their own; `frame` is IANA's reserved one, here for what is no IP packet. */
export const protocols = { icmp: 1, tcp: 6, udp: 17, esp: 50, icmpv6: 58, sctp: 132, frame: 255 } as const;

/** The words of a type, and those of its codes where it has some. */
type IcmpType = string | readonly [type: string, codes: readonly string[]];

/** ICMP by type (RFC 792), in gopacket's words (layers/icmp4.go). Codes count from 0. */
const icmp4: Readonly<Record<number, IcmpType>> = {
  0: "EchoReply",
  3: [
    "DestinationUnreachable",
    [
      "Net",
      "Host",
      "Protocol",
      "Port",
      "FragmentationNeeded",
      "SourceRoutingFailed",
      "NetUnknown",
      "HostUnknown",
      "SourceIsolated",
      "NetAdminProhibited",
      "HostAdminProhibited",
      "NetTOS",
      "HostTOS",
      "CommAdminProhibited",
      "HostPrecedence",
      "PrecedenceCutoff",
    ],
  ],
  4: "SourceQuench",
  5: ["Redirect", ["Net", "Host", "TOS+Net", "TOS+Host"]],
  8: "EchoRequest",
  9: "RouterAdvertisement",
  10: "RouterSolicitation",
  11: ["TimeExceeded", ["TTLExceeded", "FragmentReassemblyTimeExceeded"]],
  12: ["ParameterProblem", ["PointerIndicatesError", "MissingOption", "BadLength"]],
  13: "TimestampRequest",
  14: "TimestampReply",
};

/** ICMPv6 by type (RFC 4443 and 4861), in gopacket's words (layers/icmp6.go). */
const icmp6: Readonly<Record<number, IcmpType>> = {
  1: [
    "DestinationUnreachable",
    [
      "NoRouteToDst",
      "AdminProhibited",
      "BeyondScopeOfSrc",
      "AddressUnreachable",
      "PortUnreachable",
      "SrcAddressFailedPolicy",
      "RejectRouteToDst",
      "SrcRoutingHeaderError",
    ],
  ],
  2: "PacketTooBig",
  3: ["TimeExceeded", ["HopLimitExceeded", "FragmentReassemblyTimeExceeded"]],
  4: ["ParameterProblem", ["ErroneousHeader", "UnrecognizedNextHeader", "UnrecognizedIPv6Option"]],
  128: "EchoRequest",
  129: "EchoReply",
  133: "RouterSolicitation",
  134: "RouterAdvertisement",
  135: "NeighborSolicitation",
  136: "NeighborAdvertisement",
  137: "Redirect",
};

/** What an ICMP message is, as gopacket writes it: `EchoRequest`, `DestinationUnreachable(Port)`, `143(0)` for what it does not know. */
export function icmpTypeCode(protocol: "icmp" | "icmpv6", type: number, code: number): string {
  const known = (protocol === "icmp" ? icmp4 : icmp6)[type];
  if (known === undefined) return `${type}(${code})`;
  if (typeof known === "string") return code === 0 ? known : `${known}(Code: ${code})`;
  const [name, codes] = known;
  return `${name}(${codes[code] ?? `Code: ${code}`})`;
}

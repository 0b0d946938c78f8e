import type { TransportHeader } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";

type IcmpHeader = Extract<TransportHeader, { readonly protocol: "icmp" | "icmpv6" }>;

/** What errors say, by gopacket's words (layers/icmp4.go, icmp6.go) for the types and codes of RFC 792, RFC 1812 and RFC 4443. */
const meanings: Readonly<Record<string, string>> = {
  "DestinationUnreachable(Net)": "it has no route to the destination's network",
  "DestinationUnreachable(Host)": "it can't reach the destination",
  "DestinationUnreachable(Protocol)": "the destination does not speak its protocol",
  "DestinationUnreachable(Port)": "nobody listens on the port",
  "DestinationUnreachable(FragmentationNeeded)": "fragmentation needed, but the packet forbids it",
  "DestinationUnreachable(NetUnknown)": "the destination's network is not known",
  "DestinationUnreachable(HostUnknown)": "the destination is not known",
  "DestinationUnreachable(NetAdminProhibited)": "a filter forbids the destination's network",
  "DestinationUnreachable(HostAdminProhibited)": "a filter forbids the destination",
  "DestinationUnreachable(CommAdminProhibited)": "a filter forbids it",
  "DestinationUnreachable(NoRouteToDst)": "it has no route to the destination",
  "DestinationUnreachable(AdminProhibited)": "a filter forbids it",
  "DestinationUnreachable(AddressUnreachable)": "it can't reach the destination",
  "DestinationUnreachable(PortUnreachable)": "nobody listens on the port",
  "DestinationUnreachable(SrcAddressFailedPolicy)": "a filter forbids its source address",
  "DestinationUnreachable(RejectRouteToDst)": "a route refuses the destination",
  "TimeExceeded(TTLExceeded)": "its TTL came to an end there",
  "TimeExceeded(HopLimitExceeded)": "its hop limit came to an end there",
  "TimeExceeded(FragmentReassemblyTimeExceeded)": "not all of its fragments came",
  PacketTooBig: "it is too big for the next link",
};

/** What an ICMP error says, in words that follow a colon: `fragmentation needed, but the packet forbids it (MTU 1430)`. */
export function icmpErrorWords({ typeCode, mtu, gateway }: IcmpHeader): string {
  if (typeCode.startsWith("Redirect(")) {
    return `there is a better router for it${gateway ? `, ${formatAddress(gateway)}` : ""} (ICMP ${typeCode})`;
  }
  const words = meanings[typeCode.replace(/\(0\)$/, "")] ?? `ICMP ${typeCode}`;
  return mtu === undefined ? words : `${words} (MTU ${mtu})`;
}

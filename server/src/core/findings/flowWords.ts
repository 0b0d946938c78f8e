import { describeIdentity } from "../cilium/identities.js";
import type { PacketHeaders } from "../monitor/event.js";
import { icmpWords } from "../monitor/icmpWords.js";
import { formatAddress } from "../net/address.js";

/** What is known of one end of a packet beside its address. */
export interface EndDetails {
  readonly pod?: string | undefined;
  readonly identity?: number | undefined;
  /** Endpoint id; 0 for none. */
  readonly endpoint?: number | undefined;
}

/** `TCP SYN`, `UDP`, `ICMP echo request`, or the protocol as the IP header names it. */
export function protocolWords({ ip, l4 }: PacketHeaders): string {
  switch (l4?.protocol) {
    case "tcp":
      return ["TCP", l4.flags.join(",")].filter(Boolean).join(" ");
    case "udp":
    case "sctp":
      return l4.protocol.toUpperCase();
    case "icmp":
    case "icmpv6":
      return icmpWords(l4);
    default:
      return ip?.protocol ?? "IP";
  }
}

/** What is known of an end beside its address. */
function detailsOf({ pod, identity, endpoint }: EndDetails): string[] {
  const known = identity === undefined || identity === 0 ? undefined : describeIdentity(identity);
  return [
    ...(pod === undefined ? [] : [pod]),
    ...(endpoint ? [`endpoint ${endpoint}`] : []),
    ...(known ? [`identity ${known.name ?? known.id}`] : []),
  ];
}

/** An end whose address is not known: `shop/web (endpoint 7, identity 1234)`, `endpoint 7 (identity 1234)`. */
export function endWords(end: EndDetails): string {
  const [name = "an unknown end", ...details] = detailsOf(end);
  return details.length > 0 ? `${name} (${details.join(", ")})` : name;
}

function addressedEndWords(address: string, port: number | undefined, end: EndDetails): string {
  const details = detailsOf(end);
  return [
    address,
    ...(port === undefined ? [] : [`port ${port}`]),
    ...(details.length > 0 ? [`(${details.join(", ")})`] : []),
  ].join(" ");
}

/**
 * `from 10.0.0.1 port 4000 (endpoint 7, identity 1234) to 10.0.0.2 port 80 (identity world)`. Without addresses, as in Hubble's short
 * forms, the pods stand for them; nothing where these are not known either.
 */
export function endsWords({ ip, l4 }: PacketHeaders, source: EndDetails = {}, destination: EndDetails = {}): string {
  if (!ip) {
    const { pod: from } = source;
    const { pod: to } = destination;
    return [from === undefined ? "" : `from ${from}`, to === undefined ? "" : `to ${to}`].filter(Boolean).join(" ");
  }
  const [sport, dport] = l4 && "sport" in l4 ? [l4.sport, l4.dport] : [undefined, undefined];
  const from = addressedEndWords(formatAddress(ip.src), sport, source);
  return `from ${from} to ${addressedEndWords(formatAddress(ip.dst), dport, destination)}`;
}

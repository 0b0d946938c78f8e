import { findDropReason } from "../../cilium/dropReasons.js";
import type { PacketHeaders } from "../../monitor/event.js";
import { addressKind } from "../../net/addressKind.js";

/**
 * Drop reasons (codes of pkg/monitor/api/drop.go) that link-local chatter and multicast are dropped for: Invalid destination mac, Invalid source
 * ip, Policy denied, Unknown L3 target address, Stale or unroutable IP, Unsupported L2 protocol.
 */
const chatterReasons: ReadonlySet<number> = new Set([131, 132, 133, 150, 151, 166]);

/** Types by which IPv6 nodes of a link find each other (RFC 4861) and groups (RFC 3810), as gopacket names or numbers them. */
const linkMessages = /^(?:(?:Router|Neighbor)(?:Solicitation|Advertisement)|MLD|(?:13[0-7]|143)\()/;

/** Whether a reason for a drop is one that chatter of the link is dropped for. */
export function dropsChatter(reason: string): boolean {
  return chatterReasons.has(findDropReason(reason)?.code ?? -1);
}

/** Whether a packet is chatter of the link: neighbour discovery, multicast reports and the like, which Cilium does not forward. */
export function isLinkChatter({ ip, l4 }: PacketHeaders): boolean {
  if (l4?.protocol === "icmpv6" && linkMessages.test(l4.typeCode)) return true;
  if (!ip) return false;
  const to = addressKind(ip.dst);
  const from = addressKind(ip.src);
  // An IPv6 node has no address yet while it asks whether anybody else has the one it wants (RFC 4862 section 5.4.2).
  const asking = ip.src.family === 6 && from === "unspecified";
  return to === "multicast" || to === "broadcast" || from === "link-local" || asking;
}

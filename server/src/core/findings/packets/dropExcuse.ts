import { dropsChatter, isLinkChatter } from "../../capture/linking/linkChatter.js";
import { findDropReason } from "../../cilium/dropReasons.js";
import type { PacketHeaders } from "../../monitor/event.js";
import type { DropGroup } from "./dropGroups.js";

/** Codes of drop reasons (pkg/monitor/api/drop.go) that say why a drop may be no fault. */
const policyDenied = 133;
const unsupportedL3Protocol = 139;
const noMasqueradeMapping = 167;
const authenticationRequired = 189;

/** What a policy, service or setting asks for in so many words. */
const asConfigured: ReadonlyMap<number, string> = new Map([
  [174, "ClusterIPs answer from outside the cluster only where bpf-lb-external-clusterip is on."],
  [177, "The service's loadBalancerSourceRanges ask for it."],
  [181, "A deny rule of a policy asks for it."],
]);

/** Reasons that are usual while a program is loaded or a handshake runs: Missed tail call, programs not ready. */
const passing: ReadonlySet<number> = new Set([140, authenticationRequired, 202, 203]);

/** So many are no passing moment any more. */
const passingCount = 5;

/** A packet at the end of a connection: connection tracking may have forgotten it by then. */
function endsConnection({ l4 }: PacketHeaders): boolean {
  return l4?.protocol === "tcp" && !l4.flags.includes("SYN") && (l4.flags.includes("RST") || l4.flags.includes("FIN"));
}

/** A packet that answers a request which has just been made. */
function answersRequest({ l4 }: PacketHeaders): boolean {
  if (l4?.protocol === "tcp") return l4.flags.includes("SYN") && l4.flags.includes("ACK");
  return (l4?.protocol === "icmp" || l4?.protocol === "icmpv6") && l4.typeCode === "EchoReply";
}

/** Why these drops are probably no fault: a sentence; `undefined` where nothing excuses them. */
export function dropExcuse({ reason, events }: DropGroup): string | undefined {
  const known = findDropReason(reason);
  if (!known) return undefined;
  const { code, harmless } = known;
  const every = (test: (headers: PacketHeaders) => boolean) =>
    events.every(({ headers }) => headers !== undefined && test(headers));
  if (harmless) return "This is usually no fault.";
  if (asConfigured.has(code)) return asConfigured.get(code);
  if (code === unsupportedL3Protocol) {
    return "Where the protocol is off on purpose, as IPv6 often is, this is noise.";
  }
  if (dropsChatter(reason) && every(isLinkChatter)) {
    return "It is chatter of the link (neighbour discovery, router solicitation, multicast reports), which Cilium does not forward.";
  }
  if (dropsChatter(reason) && code !== policyDenied && events.every(({ headers }) => headers === undefined)) {
    return "Which packet it was the capture does not show; what is dropped for this is mostly chatter of the link.";
  }
  if (code === policyDenied && every(endsConnection)) {
    return "It ends a connection that connection tracking had already forgotten, and is usually no fault.";
  }
  if (code === noMasqueradeMapping && !events.some(({ headers }) => headers && answersRequest(headers))) {
    return "Late packets of connections that are over, and attempts from outside, are dropped like this and are no fault.";
  }
  if (passing.has(code) && events.length <= passingCount) {
    return "A few such drops are usual for a moment; only if they go on is it a fault.";
  }
  return undefined;
}

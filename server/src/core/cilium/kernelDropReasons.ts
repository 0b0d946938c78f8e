/** Functions of the kernel that free a packet because it is dropped (net/core/skbuff.c, Linux 5.17 to 6.13). */
const dropFunctions = ["kfree_skb", "kfree_skb_reason", "sk_skb_reason_drop", "kfree_skb_list_reason"];

/** Reasons with which a packet is freed though nothing is wrong with it (include/net/dropreason-core.h, Linux 6.13). */
const harmlessReasons = ["SKB_CONSUMED", "SKB_NOT_DROPPED_YET"];

/** What the kernel's drop reasons mean that concern routing, filters and neighbours; a sentence each. */
const reasons: Readonly<Record<string, string>> = {
  NOT_SPECIFIED: "The place in the kernel that drops it gives no reason.",
  NO_SOCKET: "No program listens on that address and port.",
  PKT_TOO_SMALL: "The packet is too short for its headers.",
  TCP_CSUM: "The TCP checksum is wrong.",
  UDP_CSUM: "The UDP checksum is wrong.",
  SOCKET_FILTER: "A filter of the socket refuses it.",
  NETFILTER_DROP: "A rule of iptables or nftables drops it.",
  OTHERHOST: "The frame is addressed to another host's MAC address.",
  IP_CSUM: "The IP header's checksum is wrong.",
  IP_INHDR: "The IP header is malformed.",
  IP_RPFILTER:
    "The reverse path filter drops it: by the node's rules and routes, the source would not be reached by the device that the packet came in by.",
  UNICAST_IN_L2_MULTICAST: "A packet to one host came in a frame to many.",
  XFRM_POLICY: "An IPsec policy refuses it.",
  IP_NOPROTO: "The node has no handler for the protocol.",
  SOCKET_RCVBUFF: "The socket's receive buffer is full.",
  IP_OUTNOROUTES: "The node has no route to the destination.",
  BPF_CGROUP_EGRESS: "A BPF program of a cgroup drops it.",
  IPV6DISABLED: "IPv6 is disabled on the device.",
  NEIGH_CREATEFAIL: "No entry for the next hop could be made.",
  NEIGH_FAILED: "The next hop did not answer: its MAC address is not known.",
  NEIGH_QUEUEFULL: "Too many packets wait for the next hop's MAC address.",
  NEIGH_DEAD: "The entry for the next hop is being removed.",
  TC_EGRESS: "A tc program or filter drops it on its way out.",
  TC_INGRESS: "A tc program or filter drops it on its way in.",
  QDISC_DROP: "The queue of the device drops it.",
  XDP: "An XDP program drops it.",
  UNHANDLED_PROTO: "The node does not know the protocol of the frame.",
  PKT_TOO_BIG: "The packet is larger than the way allows.",
  IP_INADDRERRORS: "The destination is no address of the node, and the node does not forward; or the route is no good.",
  IP_INNOROUTES: "The node has no route to the destination.",
  IP_LOCAL_SOURCE: "The packet came in with an address of the node itself as its source.",
  IP_INVALID_SOURCE: "The source address may not be one.",
  IP_LOCALNET: "An address of the loopback network came in by another device.",
  IP_INVALID_DEST: "The destination address may not be one.",
};

export const kernelDropReasonSource = "include/net/dropreason-core.h, Linux 5.17 to 6.13";

/** Whether a function of the kernel drops the packets that it frees. */
export function isDropFunction(name: string): boolean {
  return dropFunctions.includes(name);
}

/** What a drop reason of the kernel (`SKB_DROP_REASON_IP_RPFILTER`) means. */
export function describeKernelDropReason(name: string): { readonly meaning?: string; readonly harmless: boolean } {
  const harmless = harmlessReasons.includes(name);
  const short = name.replace(/^SKB_DROP_REASON_/, "");
  const meaning = Object.hasOwn(reasons, short) ? reasons[short] : undefined;
  return { harmless, ...(meaning !== undefined && { meaning }) };
}

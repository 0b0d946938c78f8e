/** A reason for which a BPF program drops (or counts) a packet. */
export interface DropReason {
  readonly code: number;
  /** As monitor prints it, without the extended error. */
  readonly text: string;
  /** What a version before printed for this code. */
  readonly formerTexts?: readonly string[];
  /** What Hubble calls it, where that is not the text in capitals (flow.proto: DropReason). */
  readonly hubble?: string;
  /** In plain words, a sentence. */
  readonly cause: string;
  /** What to look at, a sentence. */
  readonly check?: string;
  /** Usually no fault: noise, or a packet that was handled otherwise. */
  readonly harmless?: true;
  /** Reported like a drop, and none: a program took the packet for what the text says. */
  readonly handled?: true;
  readonly since?: string;
  /** No current program gives it. */
  readonly unused?: true;
}

export const dropReasonSource =
  "pkg/monitor/api/drop.go, Cilium 1.7, 1.8, 1.9, 1.10.4, 1.11, 1.13.2, 1.14.2, 1.15.4, 1.16.6, 1.17.5, 1.18.6, 1.19.4; causes from bpf/ 1.19; 206 and 207 from the development of 1.20";

/** Codes below this count things in metrics and are no drops. */
export const firstDropCode = 130;

export const dropReasons: readonly DropReason[] = [
  { code: 0, text: "Success", cause: "The packet was forwarded." },
  { code: 2, text: "Invalid packet", cause: "The packet's headers can't be read." },
  { code: 3, text: "Interface", cause: "A counter of packets of an interface." },
  { code: 4, text: "Interface Decrypted", cause: "A counter of decrypted packets." },
  {
    code: 5,
    text: "LB, sock cgroup: No backend slot entry found",
    formerTexts: ["LB, sock cgroup: No slave entry found"],
    cause: "Socket load balancing found no backend slot.",
  },
  { code: 6, text: "LB, sock cgroup: No backend entry found", cause: "Socket load balancing found no backend." },
  {
    code: 7,
    text: "LB, sock cgroup: Reverse entry update failed",
    cause: "Socket load balancing could not store the way back.",
  },
  { code: 8, text: "LB, sock cgroup: Reverse entry stale", cause: "Socket load balancing met an outdated way back." },
  { code: 9, text: "Fragmented packet", cause: "A counter of fragments.", since: "1.10" },
  {
    code: 10,
    text: "Fragmented packet entry update failed",
    cause: "The map of fragments could not be updated.",
    since: "1.10",
  },
  {
    code: 11,
    text: "Missed tail call to custom program",
    cause: "A custom program was not there.",
    since: "1.10",
    unused: true,
  },
  { code: 12, text: "Interface Decrypting", cause: "A counter of packets being decrypted.", since: "1.17" },
  { code: 13, text: "Interface Encrypting", cause: "A counter of packets being encrypted.", since: "1.17" },
  {
    code: 14,
    text: "LB: sock cgroup: Reverse entry delete succeeded",
    cause: "A counter of cleaned-up socket entries.",
    since: "1.18",
  },
  { code: 15, text: "MTU error message", cause: "An ICMP message about the MTU was made.", since: "1.19" },

  {
    code: 130,
    text: "Invalid source mac",
    cause: "A pod sent a frame with a MAC address that is not its own.",
    check: "Look for a bridge or macvlan inside the pod.",
    unused: true,
  },
  {
    code: 131,
    text: "Invalid destination mac",
    cause: "A pod sent a frame that is not addressed to the host's end of its veth pair.",
    check: "Look at the ARP entries in the pod.",
    unused: true,
  },
  {
    code: 132,
    text: "Invalid source ip",
    cause: "A packet left a pod with a source address that is not the endpoint's.",
    check:
      "IPv6 link-local noise is harmless; otherwise look for a container runtime or VPN inside the pod, or a changed address after a restart.",
  },
  {
    code: 133,
    text: "Policy denied",
    formerTexts: ["Policy denied (L3)"],
    cause: "No rule of the network policy allows this identity and port.",
    check:
      "Look at the policy verdict beside it; an identity of world, unknown or remote-node where a pod was meant is the usual cause.",
  },
  {
    code: 134,
    text: "Invalid packet",
    hubble: "INVALID_PACKET_DROPPED",
    cause: "The packet's headers are truncated or can't be read.",
    check: "Look for offload or MTU faults and for raw sockets.",
  },
  {
    code: 135,
    text: "CT: Truncated or invalid header",
    cause: "The transport header is too short for connection tracking.",
    check: "Look for malformed or truncated packets.",
  },
  {
    code: 136,
    text: "Fragmentation needed",
    hubble: "CT_MISSING_TCP_ACK_FLAG",
    formerTexts: ["CT: Missing TCP ACK flag"],
    cause: "The packet does not fit the MTU once encapsulated, and must not be fragmented.",
    check: "Lower the pods' MTU or clamp the TCP MSS.",
    since: "1.10",
  },
  {
    code: 137,
    text: "CT: Unknown L4 protocol",
    cause: "Connection tracking does not know the packet's protocol.",
    check: "GRE, ESP, IPIP and VRRP from pods need the protocol's support to be enabled.",
  },
  {
    code: 138,
    text: "CT: Can't create entry from packet",
    hubble: "CT_CANNOT_CREATE_ENTRY_FROM_PACKET",
    cause: "Connection tracking could not make an entry.",
    unused: true,
  },
  {
    code: 139,
    text: "Unsupported L3 protocol",
    cause: "The packet's network protocol is not enabled.",
    check: "IPv6 noise on a cluster without IPv6 is harmless; otherwise look at enable-ipv6 and enable-ipv4.",
  },
  {
    code: 140,
    text: "Missed tail call",
    cause:
      "A BPF program that should go on with the packet is not loaded, as happens for a moment while it is replaced.",
    check: "If it goes on, look for failed endpoint regenerations in the agent's log.",
  },
  {
    code: 141,
    text: "Error writing to packet",
    cause: "The kernel could not change the packet.",
    check: "Look for a kernel or driver fault.",
  },
  {
    code: 142,
    text: "Unknown L4 protocol",
    cause: "Load balancing or policy does not know the packet's protocol.",
    check: "See which protocol the packet has.",
  },
  {
    code: 143,
    text: "Unknown ICMPv4 code",
    cause: "Cilium's ICMP responder does not answer this code.",
    harmless: true,
  },
  {
    code: 144,
    text: "Unknown ICMPv4 type",
    cause: "Cilium's ICMP responder does not answer this type.",
    harmless: true,
  },
  {
    code: 145,
    text: "Unknown ICMPv6 code",
    cause: "Cilium's ICMPv6 responder does not answer this code.",
    harmless: true,
  },
  {
    code: 146,
    text: "Unknown ICMPv6 type",
    cause: "Cilium's ICMPv6 responder does not answer this type.",
    harmless: true,
  },
  {
    code: 147,
    text: "Error retrieving tunnel key",
    cause: "A packet on the tunnel device carries no tunnel data.",
    check: "Look for foreign traffic on the tunnel device.",
  },
  { code: 148, text: "Error retrieving tunnel options", cause: "The tunnel's options can't be read.", unused: true },
  { code: 149, text: "Invalid Geneve option", cause: "The Geneve option of a DSR packet can't be read.", unused: true },
  {
    code: 150,
    text: "Unknown L3 target address",
    cause: "Cilium does not answer neighbour queries for this address.",
    check: "IPv6 neighbour solicitation noise is harmless.",
  },
  {
    code: 151,
    text: "Stale or unroutable IP",
    formerTexts: ["Not a local target address"],
    cause: "The destination lies where Cilium should know every address, and no endpoint has it.",
    check:
      "The pod is usually gone, or the nodes have not yet learned of it: compare `cilium bpf ipcache list` with the pods.",
  },
  {
    code: 152,
    text: "No matching local container found",
    cause: "No endpoint of this node has the address.",
    unused: true,
  },
  {
    code: 153,
    text: "Error while correcting L3 checksum",
    cause: "The kernel could not correct the IP checksum.",
    check: "Look for a kernel or driver fault.",
  },
  {
    code: 154,
    text: "Error while correcting L4 checksum",
    cause: "The kernel could not correct the transport checksum.",
    check: "Look for a kernel or driver fault.",
  },
  {
    code: 155,
    text: "CT: Map insertion failed",
    cause: "The connection tracking map is full.",
    check: "Raise bpf-ct-global-tcp-max or bpf-ct-global-any-max, or find what makes so many connections.",
  },
  { code: 156, text: "Invalid IPv6 extension header", cause: "The IPv6 extension headers can't be read." },
  {
    code: 157,
    text: "IP fragmentation not supported",
    cause: "The packet is a fragment, and fragment tracking is off.",
    check: "Look at enable-ipv4-fragment-tracking.",
  },
  {
    code: 158,
    text: "Service backend not found",
    cause: "The service has no backend that is ready.",
    check: "Look at the service's endpoints and at `cilium service list`.",
  },
  {
    code: 159,
    text: "159",
    formerTexts: ["Policy denied (L4)"],
    cause: "The service does not support the packet's protocol.",
    check: "Compare the packet's protocol with the service's ports.",
  },
  {
    code: 160,
    text: "No tunnel/encapsulation endpoint (datapath BUG!)",
    hubble: "NO_TUNNEL_OR_ENCAPSULATION_ENDPOINT",
    cause: "The packet should be encapsulated, but the other node's address is not known.",
    check: "Look whether the node is known: `cilium node list`.",
  },
  {
    code: 161,
    text: "NAT 46/64 not enabled",
    hubble: "FAILED_TO_INSERT_INTO_PROXYMAP",
    formerTexts: ["Failed to insert into proxymap"],
    cause: "The packet needs translation between IPv4 and IPv6, which is off.",
    since: "1.12",
  },
  {
    code: 162,
    text: "Reached EDT rate-limiting drop horizon",
    formerTexts: ["Policy denied (CIDR)"],
    cause: "The pod sends faster than its bandwidth limit, and the queue is full.",
    check: "Look at the pod's kubernetes.io/egress-bandwidth annotation.",
    since: "1.9",
  },
  {
    code: 163,
    text: "Unknown connection tracking state",
    cause: "Connection tracking answered what the program does not know.",
    check: "This is a fault of Cilium.",
  },
  { code: 164, text: "Local host is unreachable", cause: "The packet could not be handed to this node." },
  {
    code: 165,
    text: "No configuration available to perform policy decision",
    cause: "The endpoint's configuration is missing.",
    unused: true,
  },
  {
    code: 166,
    text: "Unsupported L2 protocol",
    cause: "The frame is of a kind that Cilium does not handle (VLAN, MPLS, 802.3).",
    check: "See which frames arrive there.",
  },
  {
    code: 167,
    text: "No mapping for NAT masquerade",
    cause: "A packet arrived for a translated port of this node, and no translation is known (any more).",
    check: "Late replies are harmless; otherwise look for replies that return by another node, or a full NAT map.",
  },
  {
    code: 168,
    text: "Unsupported protocol for NAT masquerade",
    cause: "The packet's protocol can't be masqueraded by BPF.",
    check: "Exclude the destination from masquerading, or masquerade by iptables.",
  },
  {
    code: 169,
    text: "FIB lookup failed",
    cause: "The kernel's routing gave the BPF program no usable next hop; the extended error tells why.",
    check:
      "Run `ip route get` for the packet, and look at the rules: before Linux 6.10 these look-ups ignore fwmark rules.",
  },
  {
    code: 170,
    text: "Encapsulation traffic is prohibited",
    cause: "A pod sent a packet to the tunnel's own port.",
    check: "Look for a tunnel inside the pod; a forged overlay packet is dropped here.",
  },
  {
    code: 171,
    text: "Invalid identity",
    cause: "The packet claims an identity that it can't have here.",
    check: "Look for mixed versions, clashing cluster ids, or software that changes the fwmark.",
  },
  { code: 172, text: "Unknown sender", cause: "The sender is unknown where the mode needs to know it." },
  {
    code: 173,
    text: "NAT not needed",
    cause: "An internal answer: the packet needed no translation.",
    harmless: true,
    since: "1.8",
  },
  {
    code: 174,
    text: "Is a ClusterIP",
    cause: "A packet from outside went to a ClusterIP, which is for inside only.",
    check: "See bpf-lb-external-clusterip.",
    since: "1.8",
  },
  {
    code: 175,
    text: "First logical datagram fragment not found",
    cause: "A later fragment came, but its first one was not seen.",
    check: "Look for losses, replies that return by another node, or a full fragment map.",
    since: "1.8",
  },
  {
    code: 176,
    text: "Forbidden ICMPv6 message",
    cause: "The host firewall forbids this ICMPv6 message.",
    since: "1.9",
  },
  {
    code: 177,
    text: "Denied by LB src range check",
    cause: "The client's address is not in the service's loadBalancerSourceRanges.",
    check: "Look at the service's spec.",
    since: "1.9",
  },
  {
    code: 178,
    text: "Socket lookup failed",
    cause: "The L7 proxy has no socket for the packet.",
    check: "Look whether the proxy listens.",
    since: "1.9",
  },
  {
    code: 179,
    text: "Socket assign failed",
    cause: "The packet could not be given to the L7 proxy's socket.",
    since: "1.9",
  },
  {
    code: 180,
    text: "Proxy redirection not supported for protocol",
    cause: "A rule for layer 7 matches a packet that is neither TCP nor UDP.",
    check: "Look at the policy.",
    since: "1.9",
  },
  {
    code: 181,
    text: "Policy denied by denylist",
    hubble: "POLICY_DENY",
    cause: "A deny rule of the network policy matches.",
    check: "Look at the policy verdict beside it and for the deny rule.",
    since: "1.9",
  },
  {
    code: 182,
    text: "VLAN traffic disallowed by VLAN filter",
    hubble: "VLAN_FILTERED",
    cause: "A tagged frame arrived on a native device, and its VLAN is not allowed.",
    check: "Look at bpf.vlanBypass.",
    since: "1.11",
  },
  {
    code: 183,
    text: "Incorrect VNI from VTEP",
    hubble: "INVALID_VNI",
    cause: "An external VTEP used a wrong VNI.",
    since: "1.12",
  },
  {
    code: 184,
    text: "Failed to update or lookup TC buffer",
    hubble: "INVALID_TC_BUFFER",
    cause: "The program's scratch memory failed.",
    check: "This is a fault of Cilium.",
    since: "1.13",
  },
  {
    code: 185,
    text: "No SID was found for the IP address",
    hubble: "NO_SID",
    cause: "SRv6 has no segment for the address.",
    since: "1.13",
  },
  {
    code: 186,
    text: "SRv6 state was removed during tail call",
    hubble: "MISSING_SRV6_STATE",
    cause: "SRv6 lost its state between two programs.",
    since: "1.13",
    unused: true,
  },
  {
    code: 187,
    text: "L3 translation from IPv4 to IPv6 failed (NAT46)",
    hubble: "NAT46",
    cause: "The packet could not be translated to IPv6.",
    since: "1.13",
  },
  {
    code: 188,
    text: "L3 translation from IPv6 to IPv4 failed (NAT64)",
    hubble: "NAT64",
    cause: "The packet could not be translated to IPv4.",
    since: "1.13",
  },
  {
    code: 189,
    text: "Authentication required",
    hubble: "AUTH_REQUIRED",
    cause: "The policy asks for mutual authentication, and the two identities have not done it yet.",
    check: "The first packets always drop until the handshake is done; if it goes on, look at SPIRE.",
    since: "1.13",
  },
  {
    code: 190,
    text: "No conntrack map found",
    hubble: "CT_NO_MAP_FOUND",
    cause: "The other cluster's connection tracking map is not there.",
    since: "1.14",
  },
  {
    code: 191,
    text: "No nat map found",
    hubble: "SNAT_NO_MAP_FOUND",
    cause: "The other cluster's NAT map is not there.",
    since: "1.14",
  },
  {
    code: 192,
    text: "Invalid ClusterID",
    hubble: "INVALID_CLUSTER_ID",
    cause: "The packet carries a cluster id that is not valid.",
    since: "1.14",
  },
  {
    code: 193,
    text: "Unsupported packet protocol for DSR encapsulation",
    hubble: "UNSUPPORTED_PROTOCOL_FOR_DSR_ENCAP",
    cause: "DSR can't encapsulate this protocol.",
    since: "1.14",
  },
  {
    code: 194,
    text: "No egress gateway found",
    hubble: "NO_EGRESS_GATEWAY",
    cause: "An egress gateway policy matches, but selects no node.",
    check: "Compare the policy's node selector with the nodes' labels.",
    since: "1.14",
  },
  {
    code: 195,
    text: "Traffic is unencrypted",
    hubble: "UNENCRYPTED_TRAFFIC",
    cause: "Strict encryption is on, and the packet would leave in the clear.",
    check: "Look whether the other node's key is known.",
    since: "1.15",
  },
  {
    code: 196,
    text: "TTL exceeded",
    cause: "The packet's TTL has run out, as in a traceroute or a routing loop.",
    check: "See whether the same packet passes here again and again with falling TTL.",
    since: "1.14",
  },
  {
    code: 197,
    text: "No node ID found",
    hubble: "NO_NODE_ID",
    cause: "IPsec does not know the other node yet.",
    check: "It passes once the node's CiliumNode has arrived.",
    since: "1.14",
  },
  {
    code: 198,
    text: "Rate limited",
    hubble: "DROP_RATE_LIMITED",
    cause: "Too many such answers were sent.",
    since: "1.15",
  },
  {
    code: 199,
    text: "IGMP handled",
    cause: "Cilium's multicast took the IGMP message.",
    harmless: true,
    handled: true,
    since: "1.15",
  },
  {
    code: 200,
    text: "IGMP subscribed",
    cause: "Cilium's multicast noted the subscription.",
    harmless: true,
    handled: true,
    since: "1.15",
  },
  {
    code: 201,
    text: "Multicast handled",
    cause: "Cilium's multicast delivered the packet.",
    harmless: true,
    handled: true,
    since: "1.15",
  },
  {
    code: 202,
    text: "Host datapath not ready",
    hubble: "DROP_HOST_NOT_READY",
    cause: "The program of the host is not loaded yet, as happens while the agent starts.",
    check: "If it goes on, look at the agent's log.",
    since: "1.15",
  },
  {
    code: 203,
    text: "Endpoint policy program not available",
    hubble: "DROP_EP_NOT_READY",
    cause: "The receiving endpoint's program is not loaded yet.",
    check: "If it goes on, look for failed endpoint regenerations.",
    since: "1.16",
  },
  {
    code: 204,
    text: "No Egress IP configured",
    hubble: "DROP_NO_EGRESS_IP",
    cause: "The egress gateway node lacks the policy's egress address.",
    check: "Look at the policy and at the node's addresses.",
    since: "1.16",
  },
  {
    code: 205,
    text: "Punt to proxy",
    hubble: "DROP_PUNT_PROXY",
    cause: "The packet goes to the proxy in user space.",
    harmless: true,
    handled: true,
    since: "1.18",
  },
  {
    code: 206,
    text: "No device",
    hubble: "DROP_NO_DEVICE",
    cause: "The program does not know the device, or its MAC address, that the packet is to leave by.",
    check: "Look at the agent's log; the program and the node's devices may not agree yet.",
    since: "1.20",
  },
  {
    code: 207,
    text: "First logical datagram fragment not found from world",
    hubble: "DROP_FRAG_NOT_FOUND_WORLD",
    cause:
      "A later fragment from outside the cluster came without its first one, which has the ports that the policy asks for.",
    check: "On public addresses this is mostly noise; else look for fragments lost on the way or taking two ways.",
    since: "1.20",
  },
];

/** By text and by decimal code. Where a text is of two codes, it is the drop's. */
const byTextOrCode: ReadonlyMap<string, DropReason> = new Map([
  ...dropReasons.flatMap((reason) => (reason.formerTexts ?? []).map((text) => [text, reason] as const)),
  ...dropReasons.map((reason) => [String(reason.code), reason] as const),
  ...[...dropReasons].reverse().map((reason) => [reason.text, reason] as const),
  ...dropReasons.filter(({ code }) => code >= firstDropCode).map((reason) => [reason.text, reason] as const),
]);

/** The reason of a text as some version prints it, or of the decimal code that a monitor older than the agent prints. */
export function findDropReason(text: string): DropReason | undefined {
  return byTextOrCode.get(text);
}

/** The drop that Hubble names: by its name in flow.proto, which for most is the text in capitals. */
export function findHubbleDropReason(name: string): DropReason | undefined {
  const drops = dropReasons.filter((reason) => reason.code >= firstDropCode);
  return drops.find(({ hubble, text }) => (hubble ?? text.toUpperCase().replace(/[^A-Z0-9]{1,9}/g, "_")) === name);
}

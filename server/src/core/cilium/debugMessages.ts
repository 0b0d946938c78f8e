/** A message with which a BPF program tells what it does. */
export interface DebugMessage {
  /** Number of bpf/lib/dbg.h. */
  readonly code: number;
  /** The enumeration's name, without DBG_. */
  readonly name: string;
  /** How the message begins; older wordings follow. */
  readonly openings: readonly string[];
  readonly meaning: string;
}

/** bpf/lib/dbg.h and pkg/monitor/datapath_debug.go, Cilium 1.7 to 1.19. Where openings share a beginning, the longer one counts. */
export const debugMessages: readonly DebugMessage[] = [
  message(1, "GENERIC", ["No message, arg1="], "A developer's trace."),
  message(
    2,
    "LOCAL_DELIVERY",
    ["Attempting local delivery for container id"],
    "The destination is an endpoint of this node: its own policy program takes over.",
  ),
  message(
    3,
    "ENCAP",
    ["Encapsulating to node"],
    "The packet goes into the tunnel to that node; seclabel is the sender's identity.",
  ),
  message(4, "LXC_FOUND", ["Local container found ifindex"], "The endpoint's device was found."),
  message(
    5,
    "POLICY_DENIED",
    ["Policy evaluation would deny packet from"],
    "The policy denies the packet; in audit mode it passes all the same.",
  ),
  message(6, "CT_LOOKUP", ["CT lookup: sport="], "Connection tracking looks for the connection."),
  message(
    7,
    "CT_LOOKUP_REV",
    ["CT reverse lookup:"],
    "Connection tracking looks for the connection in the reverse direction.",
  ),
  message(
    8,
    "CT_MATCH",
    ["CT entry found lifetime="],
    "The connection is known. The lifetime is a point in the kernel's time, not what remains.",
  ),
  message(9, "CT_CREATED", ["CT created 1/2:"], "A connection was noted."),
  message(10, "CT_CREATED2", ["CT created 2/2:"], "A connection was noted."),
  message(11, "ICMP6_HANDLE", ["Handling ICMPv6 type="], "Cilium looks at an ICMPv6 message."),
  message(
    12,
    "ICMP6_REQUEST",
    ["ICMPv6 echo request for router offset="],
    "Cilium answers an echo request to its own router address.",
  ),
  message(
    13,
    "ICMP6_NS",
    ["ICMPv6 neighbour soliciation for address"],
    "A neighbour solicitation asks for this address.",
  ),
  message(14, "ICMP6_TIME_EXCEEDED", ["Sending ICMPv6 time exceeded"], "The hop limit ran out, and Cilium says so."),
  message(
    15,
    "CT_VERDICT",
    ["CT verdict:"],
    "What connection tracking says of the packet: New, Established, Reply, Related, or an error.",
  ),
  message(16, "DECAP", ["Tunnel decap: id="], "The packet came out of the tunnel; id is the sender's identity."),
  message(17, "PORT_MAP", ["Mapping port from="], "A port is translated."),
  message(18, "ERROR_RET", ["BPF function"], "A helper of the kernel failed."),
  message(19, "TO_HOST", ["Going to host, policy-skip="], "The packet goes to the host."),
  message(20, "TO_STACK", ["Going to the stack, policy-skip="], "The packet goes to the host stack."),
  message(21, "PKT_HASH", ["Packet hash="], "The hash that chose the service's backend."),
  message(
    22,
    "LB_LOOKUP_FRONTEND",
    ["Frontend service lookup, addr", "Master service lookup, addr"],
    "Load balancing looks whether the destination is a service.",
  ),
  message(
    23,
    "LB_LOOKUP_FRONTEND_FAIL",
    ["Frontend service lookup failed", "Master service lookup failed"],
    "The destination is no service.",
  ),
  message(
    24,
    "LB_LOOKUP_BACKEND_SLOT",
    ["Service backend slot lookup: slot=", "Slave service lookup: slave="],
    "Load balancing looks for the chosen backend.",
  ),
  message(
    25,
    "LB_LOOKUP_BACKEND_SLOT_SUCCESS",
    ["Service backend slot lookup result: target", "Slave service lookup result: target"],
    "The backend that the packet goes to.",
  ),
  message(
    26,
    "LB_LOOKUP_BACKEND_SLOT_V2_FAIL",
    ["Service backend slot lookup failed: slot=", "Slave service lookup failed: slave="],
    "The service has no such backend.",
  ),
  message(27, "LB_LOOKUP_BACKEND_FAIL", ["Backend service lookup failed: backend_id="], "The backend is not known."),
  message(
    28,
    "LB_REVERSE_NAT_LOOKUP",
    ["Reverse NAT lookup, index="],
    "A reply of a service: its own address is looked for.",
  ),
  message(29, "LB_REVERSE_NAT", ["Performing reverse NAT, address"], "A reply gets the service's address back."),
  message(
    38,
    "LB4_LOOPBACK_SNAT",
    ["Loopback SNAT from="],
    "A pod talks to itself through a service: its source is replaced.",
  ),
  message(
    39,
    "LB4_LOOPBACK_SNAT_REV",
    ["Loopback reverse SNAT from="],
    "The reply of a pod that talks to itself through a service.",
  ),
  message(40, "CT_LOOKUP4", ["CT lookup address:"], "Connection tracking looks for the connection of this address."),
  message(
    41,
    "RR_BACKEND_SLOT_SEL",
    ["RR backend slot selection hash=", "RR slave selection hash="],
    "The backend was chosen by this hash.",
  ),
  message(
    42,
    "REV_PROXY_LOOKUP",
    ["Reverse proxy lookup sport="],
    "The proxy's table is asked for the original destination.",
  ),
  message(
    43,
    "REV_PROXY_FOUND",
    ["Reverse proxy entry found, orig-daddr="],
    "The proxy's table knows the original destination.",
  ),
  message(44, "REV_PROXY_UPDATE", ["Reverse proxy updated"], "The proxy's table was updated."),
  message(45, "L4_POLICY", ["Resolved L4 policy to:"], "The policy sends the packet to this proxy port; 0 is none."),
  message(
    46,
    "NETDEV_IN_CLUSTER",
    ["Destination is inside cluster prefix, source identity:"],
    "The destination lies in the cluster.",
  ),
  message(
    47,
    "NETDEV_ENCAP4",
    ["Attempting encapsulation, lookup key:"],
    "Cilium looks for the node that has this address.",
  ),
  message(
    48,
    "CT_LOOKUP_1",
    ["Conntrack lookup 1/2: src="],
    "Connection tracking looks for the connection; of ICMP, a port is the identifier.",
  ),
  message(
    49,
    "CT_LOOKUP_2",
    ["Conntrack lookup 2/2: nexthdr="],
    "The rest of the same look-up: protocol and direction.",
  ),
  message(50, "CT_CREATED", ["Conntrack create: proxy-port="], "The connection is new and noted."),
  message(
    54,
    "SKIP_PROXY",
    ["Skipping proxy, tc_index is set="],
    "The packet comes from the proxy and does not go there again.",
  ),
  message(
    55,
    "L4_CREATE",
    ["Matched L4 policy; creating conntrack"],
    "A rule for this port matched, and the connection is noted; src and dst are identities.",
  ),
  message(
    56,
    "IP_ID_MAP_FAILED",
    ["Failed to map addr", "Failed to map daddr"],
    "The ipcache does not know this address: it counts as world.",
  ),
  message(
    58,
    "IP_ID_MAP_SUCCEED",
    ["Successfully mapped addr", "Successfully mapped daddr"],
    "The ipcache knows the address's identity.",
  ),
  message(
    60,
    "LB_STALE_CT",
    ["Stale CT entry found stale_ct.rev_nat_id="],
    "The connection is of a service that was made anew since.",
  ),
  message(61, "INHERIT_IDENTITY", ["Inheriting identity="], "The source identity was read from the packet's fwmark."),
  message(62, "SK_LOOKUP", ["Socket lookup: src="], "The proxy's socket is looked for."),
  message(64, "SK_ASSIGN", ["Socket assign:"], "The packet was given to the proxy's socket, or could not."),
  message(65, "L7_LB", ["L7 LB from"], "A service with an L7 load balancer: the packet goes to the proxy."),
  message(66, "SKIP_POLICY", ["Skipping policy"], "The policy is not asked."),
  message(
    67,
    "LB6_LOOPBACK_SNAT",
    ["Loopback SNAT from=[::"],
    "A pod reaches itself through a service: the IPv6 source is replaced so that the answer comes back through Cilium.",
  ),
  message(
    68,
    "LB6_LOOPBACK_SNAT_REV",
    ["Loopback reverse SNAT from=[::"],
    "The answer of a pod that reached itself through a service: the IPv6 addresses are put back.",
  ),
];

function message(code: number, name: string, openings: readonly string[], meaning: string): DebugMessage {
  return { code, name, openings, meaning };
}

/** The message that a text begins as. */
export function findDebugMessage(text: string): DebugMessage | undefined {
  let found: DebugMessage | undefined;
  let longest = 0;
  for (const known of debugMessages) {
    for (const opening of known.openings) {
      if (opening.length <= longest || !text.startsWith(opening)) continue;
      found = known;
      longest = opening.length;
    }
  }
  return found;
}

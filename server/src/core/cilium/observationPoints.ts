/** A point at which a BPF program reports the packet it handles. */
export interface ObservationPoint {
  readonly code: number;
  readonly name: string;
  /** `receive`: the program has just got the packet. `hand-over`: it has decided and passes the packet on. */
  readonly kind: "receive" | "hand-over";
  /** Function and file. */
  readonly program: string;
  /** Hook and device. */
  readonly hook: string;
  /** What has just happened, a sentence. */
  readonly meaning: string;
  /** What an event here proves, and what not, a sentence. */
  readonly proves: string;
  /** Where the packet usually was before, a clause. */
  readonly precededBy: string;
  /** What usually comes next for it on this node, a clause. */
  readonly followedBy: string;
  /** How `traceSummary` begins. */
  readonly summary: string;
  readonly since: string;
}

const codes = "pkg/monitor/api/types.go, Cilium 1.19.4; bpf/lib/notify.h, the development of 1.20";

/** Where the table was read. */
export const observationPointSource = `${codes}; bpf/lib/trace.h, Cilium 1.19`;

/** `tc` hooks are named from the device: the ingress of a pod's lxc device is where packets come *out* of the pod. */
export const observationPoints: readonly ObservationPoint[] = [
  {
    code: 0,
    name: "to-endpoint",
    kind: "hand-over",
    program: "tail_ipv4_to_endpoint / tail_ipv6_to_endpoint and cil_lxc_policy in bpf_lxc.c",
    hook: "a tail call on the way to the endpoint, from whichever program delivers the packet; not a hook of its own on the lxc device",
    meaning: "The ingress policy of the receiving endpoint has let the packet pass, and it is handed to the pod.",
    proves: "The packet is delivered: only the pod's own network stack comes after this.",
    precededBy: "from-endpoint (same node), from-overlay (tunnel), from-host, from-stack or from-network",
    followedBy: "nothing for this packet; the pod's answer starts at from-endpoint",
    summary: "-> endpoint",
    since: "1.0",
  },
  {
    code: 1,
    name: "to-proxy",
    kind: "hand-over",
    program: "ctx_redirect_to_proxy in bpf/lib/proxy.h, called from bpf_lxc.c and bpf_host.c",
    hook: "the end of the program on the lxc device or cilium_host",
    meaning: "A rule for layer 7 matches, and the packet goes up to the proxy on this node.",
    proves:
      "Cilium chose the proxy; that the proxy got it takes the kernel's ip rule 9, table 2004 and TPROXY, which show no event.",
    precededBy:
      "from-endpoint (egress), or the way in to the endpoint (ingress), and a policy verdict with action redirect",
    followedBy: "a logRecord of the proxy, then the proxy's own packet at from-proxy or to-network",
    summary: "-> proxy",
    since: "1.0",
  },
  {
    code: 2,
    name: "to-host",
    kind: "hand-over",
    program: "handle_ipv4_from_lxc / handle_ipv6_from_lxc in bpf_lxc.c",
    hook: "the end of the program on tc ingress of the lxc device",
    meaning:
      "The destination is an address of this node, and the packet is redirected to cilium_net so that the host firewall sees it.",
    proves: "Cilium handed the packet to the host; whether a process takes it is not shown.",
    precededBy: "from-endpoint",
    followedBy: "nothing: a host process, silently",
    summary: "-> host from",
    since: "1.0",
  },
  {
    code: 3,
    name: "to-stack",
    kind: "hand-over",
    program: "pass_to_stack in bpf_lxc.c; cil_to_host in bpf_host.c; host delivery in bpf_overlay.c",
    hook: "the end of the program, on tc ingress of the lxc device or at cilium_host",
    meaning:
      "Cilium is done with the packet here and gives it to the Linux kernel, which routes it by ip rule and ip route.",
    proves:
      "Everything up to here worked; what the kernel does next (policy routing, rp_filter, netfilter, XFRM) shows no event.",
    precededBy: "from-endpoint, from-overlay or from-network",
    followedBy:
      "to-network (routed out), from-host (routed back to a pod by cilium_host), from-stack (endpoint routes), or nothing (a host process took it, or the kernel dropped it)",
    summary: "-> stack",
    since: "1.0",
  },
  {
    code: 4,
    name: "to-overlay",
    kind: "hand-over",
    program: "__encap_with_nodeid in bpf/lib/encap.h; handle_nat_fwd in bpf_overlay.c",
    hook: "the end of the program on the lxc device, cilium_host or a native device",
    meaning:
      "The packet gets a tunnel header, with the source identity as VNI, and goes to cilium_vxlan or cilium_geneve.",
    proves: "Cilium chose the tunnel; the outer packet is then routed by the kernel.",
    precededBy: "from-endpoint, from-host or from-proxy",
    followedBy: "to-network for the outer packet, and from-overlay on the other node",
    summary: "-> overlay",
    since: "1.0",
  },
  {
    code: 5,
    name: "from-endpoint",
    kind: "receive",
    program: "cil_from_container in bpf_lxc.c",
    hook: "tc ingress of the pod's lxc device, on the host's side of the veth pair",
    meaning: "The pod has just sent the packet; nothing was looked up yet: no service, no connection, no policy.",
    proves:
      "The packet left the pod; the address of a service still stands in it unless socket load balancing translated it.",
    precededBy: "nothing: this is the packet's first event",
    followedBy:
      "to-stack, to-endpoint (same node), to-overlay (tunnel), to-network (BPF host routing), to-proxy, or a drop",
    summary: "<- endpoint",
    since: "1.0",
  },
  {
    code: 6,
    name: "from-proxy",
    kind: "receive",
    program: "cil_from_host in bpf_host.c; cil_to_container in bpf_lxc.c",
    hook: "tc egress of cilium_host, or of the lxc device with endpoint routes",
    meaning: "The L7 proxy sent the packet; the sender's identity came along in its fwmark (0xa00 or 0xb00).",
    proves: "The proxy works and the kernel brought its packet to Cilium.",
    precededBy: "to-proxy and the proxy's logRecord",
    followedBy: "to-endpoint, to-overlay, or the kernel silently",
    summary: "<- proxy",
    since: "1.0",
  },
  {
    code: 7,
    name: "from-host",
    kind: "receive",
    program: "cil_from_host in bpf_host.c",
    hook: "tc egress of cilium_host",
    meaning: "The kernel's routing sent the packet out of cilium_host, which is its way to a pod.",
    proves: "The kernel's look-up chose a route by cilium_host: policy routing did not lead the packet astray.",
    precededBy: "from-network or to-stack, with the kernel's routing in between; or a process of this node",
    followedBy: "to-endpoint (a pod of this node), to-overlay (a pod elsewhere, tunnel), or a drop",
    summary: "<- host",
    since: "1.0",
  },
  {
    code: 8,
    name: "from-stack",
    kind: "receive",
    program: "cil_to_container in bpf_lxc.c; cil_to_netdev in bpf_host.c after IPsec",
    hook: "tc egress of the lxc device (endpoint routes); or of a native device",
    meaning:
      "The kernel routed the packet straight to the endpoint's device, as it does with endpoint routes, or XFRM gave it back.",
    proves: "The kernel's look-up chose this device.",
    precededBy: "to-stack or from-network, with the kernel's routing in between",
    followedBy: "to-endpoint, to-proxy, to-network (IPsec), or a drop",
    summary: "<- stack",
    since: "1.0",
  },
  {
    code: 9,
    name: "from-overlay",
    kind: "receive",
    program: "cil_from_overlay in bpf_overlay.c",
    hook: "tc ingress of cilium_vxlan or cilium_geneve",
    meaning: "The packet came through the tunnel and its outer header is gone; the VNI told the sender's identity.",
    proves: "The tunnel between the nodes works in this direction.",
    precededBy: "from-network for the outer packet",
    followedBy:
      "to-endpoint (a pod of this node), to-stack (the node itself), to-network (service replies, egress gateway), or a drop",
    summary: "<- overlay",
    since: "1.0",
  },
  {
    code: 10,
    name: "from-network",
    kind: "receive",
    program: "cil_from_netdev in bpf_host.c; cil_from_network in bpf_network.c",
    hook: "tc ingress of a native device",
    meaning: "The packet arrived from the wire.",
    proves: "The packet reached this node; nothing was decided about it yet.",
    precededBy: "nothing on this node",
    followedBy:
      "from-host or from-stack (the kernel routes it to a pod), to-endpoint (BPF host routing), from-overlay (tunnel), to-overlay or to-network (service with a backend elsewhere), or nothing (the node itself, or dropped by the kernel)",
    summary: "<- network",
    since: "1.7",
  },
  {
    code: 11,
    name: "to-network",
    kind: "hand-over",
    program: "cil_to_netdev in bpf_host.c; fib_redirect in bpf/lib/fib.h; handle_nat_fwd in bpf/lib/nodeport.h",
    hook: "tc egress of a native device, or the end of the program on the lxc device (BPF host routing)",
    meaning: "The packet leaves the node by a native device.",
    proves:
      "The node has sent it; whether it is the right device and next hop, the routes tell, and whether it arrived, the other node.",
    precededBy:
      "to-stack (the kernel routed it), from-endpoint (BPF host routing), to-overlay (outer packet); straight after from-network it means that the kernel forwarded the packet back out",
    followedBy: "nothing on this node",
    summary: "-> network",
    since: "1.9",
  },
  {
    code: 12,
    name: "from-crypto",
    kind: "receive",
    program: "cil_from_wireguard in bpf_wireguard.c",
    hook: "tc ingress of cilium_wg0",
    meaning: "WireGuard has decrypted the packet.",
    proves: "The encrypted way between the nodes works in this direction.",
    precededBy: "from-network for the encrypted packet",
    followedBy: "to-endpoint, from-host or from-stack",
    summary: "<- crypto",
    since: "1.17",
  },
  {
    code: 13,
    name: "to-crypto",
    kind: "hand-over",
    program: "cil_to_wireguard in bpf_wireguard.c",
    hook: "tc egress of cilium_wg0",
    meaning: "The packet goes to WireGuard to be encrypted.",
    proves: "Cilium chose the encrypted way.",
    precededBy: "to-network for the inner packet",
    followedBy: "to-network for the encrypted packet",
    summary: "-> crypto",
    since: "1.17",
  },
];

/** Names that codes 10 and 11 had before 1.0. */
export const retiredObservationPoints: readonly {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
}[] = [
  { code: 10, name: "create-ct", meaning: "A conntrack entry was made (release candidates of 1.0)." },
  { code: 11, name: "active-ct", meaning: "A conntrack entry was refreshed (release candidates of 1.0)." },
];

const byNameOrCode: ReadonlyMap<string, ObservationPoint> = new Map(
  observationPoints.flatMap((point) => [
    [point.name, point],
    [String(point.code), point],
  ]),
);

/** The point of a name, or of the decimal code that a monitor older than the agent prints. */
export function findObservationPoint(name: string): ObservationPoint | undefined {
  return byNameOrCode.get(name);
}

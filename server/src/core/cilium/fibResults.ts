/** What the kernel's look-up helper answered a BPF program; the extended error of `FIB lookup failed`. */
export interface FibResult {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  readonly check: string;
}

export const fibResultSource = "include/uapi/linux/bpf.h (BPF_FIB_LKUP_RET_*), Linux; bpf/lib/common.h, Cilium 1.19";

export const fibResults: readonly FibResult[] = [
  {
    code: 1,
    name: "BLACKHOLE",
    meaning: "the route found is a blackhole",
    check: "Look for a blackhole route or rule that covers the destination.",
  },
  {
    code: 2,
    name: "UNREACHABLE",
    meaning: "the route found is of type unreachable, or there is none",
    check: "Run `ip route get` for the packet and look at the rule that answers.",
  },
  {
    code: 3,
    name: "PROHIBIT",
    meaning: "the route or rule found prohibits it",
    check: "Look for a prohibit route or rule that covers the destination.",
  },
  {
    code: 4,
    name: "NOT_FWDED",
    meaning: "the route found does not forward: it delivers to this node itself",
    check: "See whether the destination is an address of this node; newer Cilium then falls back to the host stack.",
  },
  {
    code: 5,
    name: "FWD_DISABLED",
    meaning: "forwarding is off on the device the packet came in by",
    check: "Set net.ipv4.conf.<device>.forwarding (or net.ipv6...) to 1.",
  },
  {
    code: 6,
    name: "UNSUPP_LWT",
    meaning: "the route uses a lightweight tunnel, which BPF can't follow",
    check: "Look for `encap` in the route, or use host routing by the kernel.",
  },
  {
    code: 7,
    name: "NO_NEIGH",
    meaning: "the next hop's link-layer address is not known",
    check: "Look at `ip neigh` for the next hop.",
  },
  {
    code: 8,
    name: "FRAG_NEEDED",
    meaning: "the packet is larger than the route's MTU",
    check: "Compare the MTU of pod, tunnel and device.",
  },
  {
    code: 9,
    name: "NO_SRC_ADDR",
    meaning: "no source address could be chosen",
    check: "See whether the outgoing device has an address of this family.",
  },
  {
    code: 100,
    name: "MAP_NO_NEIGH",
    meaning: "Cilium's own neighbour map has no entry for the next hop",
    check: "Look at `ip neigh` and `cilium bpf neigh list`.",
  },
];

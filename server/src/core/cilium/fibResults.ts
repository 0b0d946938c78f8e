/** What the kernel's look-up helper answered a BPF program; the extended error of `FIB lookup failed`. */
export interface FibResult {
  readonly code: number;
  readonly name: string;
  readonly meaning: string;
  readonly check: string;
}

export const fibResultSource =
  "net/core/filter.c (bpf_ipv4_fib_lookup, bpf_ipv6_fib_lookup) and include/uapi/linux/bpf.h, Linux; bpf/lib/common.h, Cilium 1.19";

/**
 * The helper tells three refusals from the rest by the error that a route of such a type has (net/ipv4/fib_semantics.c: fib_props, -EINVAL,
 * -EHOSTUNREACH, -EACCES; for IPv6 by the type itself). No route at all and a rule of type unreachable are -ENETUNREACH (net/ipv4/fib_rules.c), and
 * that is `NOT_FWDED`, as is every route that is not unicast; for IPv6 any rule that refuses (net/ipv6/fib6_rules.c) is, too.
 */
export const fibResults: readonly FibResult[] = [
  {
    code: 1,
    name: "BLACKHOLE",
    meaning: "the route found is a blackhole; for IPv4, a rule may be, too",
    check: "Look for a blackhole route that covers the destination, and for IPv4 for a blackhole rule.",
  },
  {
    code: 2,
    name: "UNREACHABLE",
    meaning: "the route found is of type unreachable (where there is no route at all, the result is NOT_FWDED)",
    check: "Look for an unreachable route that covers the destination.",
  },
  {
    code: 3,
    name: "PROHIBIT",
    meaning: "the route found prohibits it; for IPv4, a rule may, too",
    check: "Look for a prohibit route that covers the destination, and for IPv4 for a prohibit rule.",
  },
  {
    code: 4,
    name: "NOT_FWDED",
    meaning:
      "there is no route, or the one found does not forward: it delivers to this node itself, or is for broadcast or multicast",
    check:
      "Run `ip route get` for the packet: see whether any rule leads to a route for it, and whether the destination is an address of this node (newer Cilium then falls back to the host stack).",
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

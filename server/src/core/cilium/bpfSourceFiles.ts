/** First minor versions whose numbering of BPF source files differs from the one before. */
interface FileNumbering {
  readonly since: number;
  readonly headers: readonly string[];
}

export const bpfSourceFileSource =
  "pkg/monitor/api/files.go, Cilium 1.16.6, 1.17.5, 1.18.6, 1.19.4; bpf/source_names_to_ids.h, Cilium 1.13; the development of 1.20, which has no bpf_network.c (6)";

/** Ids 1 and up, the same in every version. */
const programs = [
  "bpf_host.c",
  "bpf_lxc.c",
  "bpf_overlay.c",
  "bpf_xdp.c",
  "bpf_sock.c",
  "bpf_network.c",
  "bpf_wireguard.c",
];

/** Ids 101 and up, by minor version of Cilium 1.x. */
const numberings: readonly FileNumbering[] = [
  {
    since: 19,
    headers: words(
      "drop srv6 icmp6 nodeport lb mcast ipv4 conntrack local_delivery trace encap host_firewall nodeport_egress ipv6 classifiers",
    ),
  },
  {
    since: 18,
    headers: words(
      "arp drop srv6 icmp6 nodeport lb mcast ipv4 conntrack local_delivery trace encap encrypt host_firewall nodeport_egress ipv6 classifiers",
    ),
  },
  {
    since: 17,
    headers: words(
      "arp drop srv6 icmp6 nodeport lb mcast ipv4 conntrack l3 trace encap encrypt host_firewall nodeport_egress",
    ),
  },
  { since: 16, headers: words("arp drop srv6 icmp6 nodeport lb mcast ipv4 conntrack l3 trace encap encrypt") },
  { since: 12, headers: words("arp drop egress_policies icmp6 nodeport") },
];

function words(names: string): readonly string[] {
  return names.split(" ").map((name) => `${name}.h`);
}

/**
 * The names a drop's file id may stand for. Programs have one; headers were renumbered, so without a version there may be several.
 * `version` is the minor number of Cilium 1.x, where it is known.
 */
export function bpfSourceFileNames(id: number, version?: number): readonly string[] {
  const program = programs[id - 1];
  if (program) return [program];
  const known = version === undefined ? undefined : numberings.find(({ since }) => since <= version);
  const candidates = (known ? [known] : numberings).map(({ headers }) => headers[id - 101]);
  return [...new Set(candidates.filter((name) => name !== undefined))];
}

const sides: Readonly<Record<string, string>> = {
  "bpf_host.c": "the program of native devices and cilium_host",
  "bpf_lxc.c": "the program of the pod's device",
  "bpf_overlay.c": "the program of the tunnel device",
  "bpf_xdp.c": "the XDP program of a native device",
  "bpf_sock.c": "the socket programs",
  "bpf_network.c": "the program of native devices with IPsec",
  "bpf_wireguard.c": "the program of cilium_wg0",
  "nodeport.h": "load balancing and NAT",
  "nodeport_egress.h": "load balancing and NAT on the way out",
  "lb.h": "load balancing",
  "conntrack.h": "connection tracking",
  "encap.h": "encapsulation",
  "local_delivery.h": "delivery to an endpoint of this node",
  "host_firewall.h": "the host firewall",
  "icmp6.h": "the ICMPv6 responder",
  "arp.h": "the ARP responder",
};

/** What the code in a BPF source file does, a noun phrase. */
export function bpfSourceFileMeaning(name: string): string | undefined {
  return sides[name];
}

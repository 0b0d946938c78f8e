import type { SetUpName } from "./datapathFacts.js";
import type { Vote } from "./vote.js";

/** Two places that saw a packet one after the other, as `Sightings` names them, and what that tells of the node. */
type TellingPair = readonly [pair: string, fact: SetUpName, value: Vote["value"], words: string];

/** Pairs of places that only one kind of set-up connects. */
export const tellingPairs: readonly TellingPair[] = [
  ["to-stack>to-network", "hostRouting", "legacy", "The kernel routed a packet that to-stack had handed to it."],
  ["from-network>from-host", "hostRouting", "legacy", "The kernel routed a packet from a device to cilium_host."],
  ["from-network>from-stack", "hostRouting", "legacy", "The kernel routed a packet from a device to a pod's device."],
  ["from-endpoint>to-network by device", "hostRouting", "bpf", "A pod's packet went to a device without to-stack."],
  ["from-network>to-endpoint", "hostRouting", "bpf", "A packet went from a device to a pod past the kernel."],
  ["from-stack>to-endpoint", "endpointRoutes", true, "A pod's own device took a packet from the kernel."],
  ["from-host>to-endpoint", "endpointRoutes", false, "A packet for a pod was routed to cilium_host."],
  ["from-endpoint>to-overlay to pod", "tunnel", true, "A packet for a pod elsewhere went to the tunnel."],
  ["from-overlay>to-endpoint from pod", "tunnel", true, "A packet of a pod elsewhere came by the tunnel."],
  ["to-stack>to-network to pod", "tunnel", false, "A packet for a pod elsewhere left without a tunnel."],
  ["from-network>to-endpoint translated", "nodePort", true, "BPF translated a packet for a pod past the kernel."],
  ["from-overlay>to-network translated", "nodePort", true, "BPF translated a packet of the tunnel and sent it on."],
  // Between devices, netfilter may have translated it.
  [
    "from-network>to-overlay a request with both ends translated",
    "nodePortMode",
    "snat",
    "A request went to the tunnel from this node's address.",
  ],
  [
    "from-network>to-overlay a request with its destination translated",
    "nodePortMode",
    "dsr",
    "A request went to the tunnel from its client's address.",
  ],
  ["from-endpoint>to-host", "hostFirewall", true, "A pod's packet to the node went to the host firewall (to-host)."],
  [
    "from-endpoint>to-overlay to world",
    "egressGateway",
    true,
    "A packet out of the cluster went to the tunnel: to an egress gateway or a VTEP.",
  ],
];

import type { DatapathFacts } from "./datapathFacts.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";

/** A step that one packet can take on one node. */
export interface Transition {
  readonly from: DatapathPlaceId;
  readonly to: DatapathPlaceId;
  readonly when: DatapathFacts;
  /** File and function, with the version of Cilium it was read in; or the kernel's. */
  readonly source: string;
  /** It happens but is not the normal way: when it does, a clause. Such a step explains what was seen and is never expected. */
  readonly onlyIf?: string;
}

const always: DatapathFacts = {};
const localPod = { destination: "local-pod" } as const;
const elsewhere = { destination: "elsewhere" } as const;
const toHost = { destination: "host" } as const;
const legacy = { hostRouting: "legacy" } as const;
const bpf = { hostRouting: "bpf" } as const;

const fromContainer = "bpf/bpf_lxc.c: cil_from_container, 1.19";
const fromLxc = "bpf/bpf_lxc.c: handle_ipv4_from_lxc, 1.16";
const toContainer = "bpf/bpf_lxc.c: cil_to_container, 1.16";
const lxcPolicy = "bpf/bpf_lxc.c: ipv4_policy, 1.16";
const fromHost = "bpf/bpf_host.c: handle_ipv4_cont (from_host), 1.19";
const fromNetdev = "bpf/bpf_host.c: cil_from_netdev, 1.19";
const toNetdev = "bpf/bpf_host.c: cil_to_netdev, 1.19";
const toHostHook = "bpf/bpf_host.c: cil_to_host (on cilium_host and cilium_net), 1.19";
const overlay = "bpf/bpf_overlay.c: cil_from_overlay, handle_ipv4, 1.14";
const nodeport = "bpf/lib/nodeport.h: nodeport_lb4, handle_nat_fwd, 1.16";
const egressGw = "bpf/lib/egress_gateway.h: egress_gw_handle_request, 1.16; in bpf_lxc.c until 1.14";
const encap = "bpf/lib/encap.h: encap_and_redirect_with_nodeid, 1.16";
const wireguard = "bpf/lib/wireguard.h and bpf/bpf_wireguard.c, 1.18";
const ipsecStack = "bpf/lib/encrypt.h: set_ipsec_encrypt, do_decrypt; bpf/bpf_network.c, 1.14 to 1.17";
const ipsecNetwork = "bpf/bpf_network.c: cil_from_network, 1.19; bpf/lib/encrypt.h: do_decrypt, 1.17";
const ipsecDevice = "bpf/bpf_host.c: ipsec_maybe_redirect_to_encrypt, 1.18";
// One version was read of these two; since when they are so was not looked up.
const serviceOfProxy = "bpf/lib/nodeport.h: nodeport_svc_lb4 (ENABLE_L7_LB)";
const dsrGeneve = "bpf/lib/nodeport.h: encap_geneve_dsr_opt4";
const input = "Linux 6.1 net/ipv4/ip_input.c: ip_rcv, ip_local_deliver";
const forward = "Linux 6.1 net/ipv4/ip_forward.c, ip_output.c";
const output = "Linux 6.1 net/ipv4/ip_output.c: ip_queue_xmit";
const proxyRules = "pkg/proxy/routes.go and CILIUM_PRE_mangle, 1.14";

function step(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  when: DatapathFacts,
  source: string,
  onlyIf?: string,
): Transition {
  return { from, to, when, source, ...(onlyIf === undefined ? {} : { onlyIf }) };
}

/** The steps of one packet on one node: Cilium's programs, and between two of them the kernel's order of hooks. */
export const transitions: readonly Transition[] = [
  // Out of a pod
  step("pod", "from-endpoint", always, fromContainer),
  step("from-endpoint", "to-endpoint", { ...localPod, endpointRoutes: false }, fromLxc),
  step("from-endpoint", "to-endpoint", { ...localPod, ...bpf }, fromLxc),
  step("from-endpoint", "to-endpoint", localPod, fromLxc, "a pod reaches itself through a service"),
  step("from-endpoint", "to-proxy", { destination: "proxy" }, fromLxc),
  step("from-endpoint", "to-host", { ...toHost, hostFirewall: true, endpointRoutes: false }, fromLxc),
  step("from-endpoint", "to-overlay", { ...elsewhere, tunnel: true }, encap),
  step("from-endpoint", "to-overlay", { ...elsewhere, egressGateway: true }, egressGw),
  step("from-endpoint", "to-network", { ...elsewhere, ...bpf, tunnel: false }, `${fromLxc}; bpf/lib/fib.h`),
  step("from-endpoint", "to-network", { ...elsewhere, ...bpf }, fromLxc, "the destination is outside the cluster"),
  step("from-endpoint", "to-network", { nodePort: true }, fromLxc, "it answers a NodePort request"),
  step("from-endpoint", "to-stack", { ...legacy, ...elsewhere, tunnel: false }, fromLxc),
  step("from-endpoint", "to-stack", { ...legacy, ...localPod, endpointRoutes: true }, fromLxc),
  step("from-endpoint", "to-stack", { ...toHost, hostFirewall: false }, fromLxc),
  step("from-endpoint", "to-stack", { ...toHost, endpointRoutes: true }, fromLxc),
  step("from-endpoint", "to-stack", always, fromLxc, "no tunnel or BPF route leads there"),
  step("to-endpoint", "pod", localPod, "bpf/lib/local_delivery.h: redirect_ep, 1.16"),
  step(
    "to-endpoint",
    "from-stack",
    { tunnel: true, endpointRoutes: true, nodePort: false },
    "bpf/bpf_lxc.c: tail_ipv4_policy (from_tunnel), 1.16",
    "it came by the tunnel and goes through the kernel once more, for kube-proxy",
  ),

  // Into the kernel
  step("to-stack", "prerouting", always, input),
  step("to-host", "host-process", always, input),
  step("to-proxy", "prerouting", always, proxyRules),
  step("prerouting", "routing", always, input),
  step("routing", "host-process", toHost, input),
  step("routing", "proxy-process", { destination: "proxy" }, proxyRules),
  step("routing", "postrouting", localPod, forward),
  step("routing", "postrouting", elsewhere, forward),
  step("routing", "postrouting", always, forward, "a route leads out"),
  step("routing", "encryption", { ...elsewhere, encryption: "ipsec" }, ipsecStack),
  step(
    "routing",
    "encryption",
    { encryption: "ipsec-at-device" },
    ipsecDevice,
    "the device's program sent it back for that",
  ),
  step("routing", "decryption", { encryption: "ipsec" }, ipsecStack, "it is an encrypted packet for this node"),
  step("host-process", "routing", always, output),
  step("proxy-process", "routing", always, output),

  // Out of the kernel
  step("postrouting", "from-host", { ...localPod, endpointRoutes: false }, fromHost),
  step("postrouting", "from-host", { ...elsewhere, tunnel: true }, fromHost),
  step("postrouting", "from-host", always, fromHost, "a route leads by cilium_host"),
  step("postrouting", "from-stack", { ...localPod, endpointRoutes: true }, toContainer),
  step("postrouting", "from-proxy", always, `${fromHost}; ${toContainer}`, "the proxy sent it"),
  step("postrouting", "to-network", { ...elsewhere, encryption: "none" }, toNetdev),
  step("postrouting", "to-network", always, toNetdev, "a route leads by a native device"),
  step("postrouting", "to-overlay", { ...elsewhere, egressGateway: true }, egressGw),
  step("postrouting", "to-stack", { ...elsewhere, encryption: "ipsec-at-device" }, `${ipsecDevice}; ${toHostHook}`),
  step("postrouting", "to-crypto", { ...elsewhere, encryption: "wireguard" }, wireguard),
  step("postrouting", "encryption", { ...elsewhere, encryption: "wireguard" }, wireguard, "1.17.3 or older: no event"),
  step("from-host", "to-endpoint", localPod, fromHost),
  step("from-host", "to-overlay", { ...elsewhere, tunnel: true }, fromHost),
  step("from-host", "to-stack", always, `${fromHost}; ${toHostHook}`, "it is for no pod that cilium_host leads to"),
  step("from-proxy", "to-endpoint", localPod, fromHost),
  step("from-proxy", "to-overlay", { ...elsewhere, tunnel: true }, fromHost),
  step("from-proxy", "to-stack", { ...elsewhere, tunnel: false }, `${fromHost}; ${toHostHook}`),
  step("from-proxy", "to-stack", elsewhere, `${fromHost}; ${toHostHook}`, "no tunnel leads there"),
  step(
    "from-proxy",
    "to-network",
    { ...elsewhere, ...bpf },
    "bpf/bpf_lxc.c: handle_policy_egress, 1.16",
    "Envoy used a pod's address",
  ),
  step("from-stack", "to-endpoint", localPod, toContainer),
  step("from-stack", "to-network", elsewhere, `${ipsecDevice}; ${ipsecStack}`),

  // Out of the node
  step("to-overlay", "encapsulation", always, encap),
  step("to-overlay", "to-overlay", { nodePort: true }, nodeport, "its source is translated in the tunnel's program"),
  step(
    "encapsulation",
    "outer-routing",
    { ...elsewhere, encryption: "none" },
    "Linux 6.1 drivers/net/vxlan: vxlan_xmit_one",
  ),
  step(
    "encapsulation",
    "outer-routing",
    elsewhere,
    "Linux 6.1 drivers/net/vxlan: vxlan_xmit_one",
    "it is not encrypted",
  ),
  step("encapsulation", "encryption", { ...elsewhere, encryption: "wireguard" }, wireguard),
  step("encapsulation", "to-stack", { ...elsewhere, encryption: "ipsec-at-device" }, `${ipsecDevice}; ${toHostHook}`),
  step("encapsulation", "encryption", { ...elsewhere, encryption: "ipsec" }, ipsecStack),
  step("to-crypto", "encryption", always, wireguard),
  step(
    "encryption",
    "outer-routing",
    { ...elsewhere, encryption: "wireguard" },
    "Linux 6.1 drivers/net/wireguard/socket.c: send4",
  ),
  step("encryption", "outer-routing", { ...elsewhere, encryption: "ipsec" }, "Linux 6.1 net/xfrm/xfrm_output.c"),
  step("encryption", "from-stack", { ...elsewhere, encryption: "ipsec-at-device" }, ipsecDevice),
  step("outer-routing", "to-network", elsewhere, toNetdev),
  step("to-network", "wire", elsewhere, toNetdev),
  step("to-network", "wire", always, toNetdev, "it leaves by the wrong device"),
  step("to-network", "to-network", always, `${toNetdev}; bpf/lib/fib.h`, "two programs report it"),
  step("to-network", "to-overlay", { egressGateway: true }, egressGw, "the gateway's program at the device takes it"),
  step("to-network", "to-crypto", { encryption: "wireguard" }, wireguard, "WireGuard's program at the device takes it"),
  step("to-network", "encryption", { encryption: "wireguard" }, wireguard, "1.17.3 or older: no event"),
  step(
    "to-network",
    "to-stack",
    { encryption: "ipsec-at-device" },
    ipsecDevice,
    "IPsec's program at the device takes it",
  ),

  // Into the node
  step("wire", "from-network", always, fromNetdev),
  step("from-network", "prerouting", { ...localPod, ...legacy }, fromNetdev),
  step("from-network", "prerouting", toHost, fromNetdev),
  step("from-network", "prerouting", always, fromNetdev, "no program takes it"),
  step("from-network", "to-endpoint", { ...localPod, ...bpf }, "bpf/bpf_host.c: handle_ipv4_cont, 1.19"),
  step("from-network", "to-overlay", { ...elsewhere, nodePort: true, tunnel: true }, nodeport),
  step("from-network", "to-overlay", { ...elsewhere, nodePort: true }, dsrGeneve, "DSR hands it over in Geneve"),
  step("from-network", "to-overlay", { ...elsewhere, egressGateway: true }, egressGw),
  step("from-network", "to-network", { ...elsewhere, nodePort: true, tunnel: false }, nodeport),
  step("from-network", "to-network", { ...elsewhere, nodePort: true }, nodeport, "it answers a service request"),
  step("from-network", "to-stack", { encryption: "ipsec" }, ipsecNetwork, "cil_from_network is there, for IPsec"),
  step("from-network", "to-host", { encryption: "ipsec" }, ipsecNetwork, "it was decrypted"),
  step("from-stack", "to-host", { encryption: "ipsec" }, ipsecNetwork, "it was decrypted"),
  step("from-stack", "to-stack", { encryption: "ipsec" }, ipsecNetwork, "it was decrypted, and endpoints have routes"),
  step("to-host", "from-host", { encryption: "ipsec" }, ipsecNetwork, "it was decrypted"),
  step("from-network", "outer-delivery", { tunnel: true }, input, "it is a tunnel's outer packet"),
  step("from-network", "outer-delivery", { egressGateway: true }, input, "it is a tunnel's outer packet"),
  step("from-network", "outer-delivery", { encryption: "wireguard" }, input, "it is WireGuard's outer packet"),
  step("outer-delivery", "decapsulation", localPod, "Linux 6.1 drivers/net/vxlan: vxlan_rcv"),
  step(
    "outer-delivery",
    "decapsulation",
    always,
    "Linux 6.1 drivers/net/vxlan: vxlan_rcv",
    "it is a tunnel's outer packet",
  ),
  step(
    "outer-delivery",
    "decryption",
    always,
    "Linux 6.1 drivers/net/wireguard/receive.c",
    "it is WireGuard's outer packet",
  ),
  step("decapsulation", "from-overlay", localPod, overlay),
  step("decapsulation", "from-overlay", toHost, overlay),
  step("decapsulation", "from-overlay", always, overlay, "it came by the tunnel"),
  step("decryption", "from-crypto", always, wireguard, "it was decrypted"),
  step("decryption", "decapsulation", { tunnel: true }, wireguard, "it was decrypted and is a tunnel's outer packet"),
  step("decryption", "from-network", always, wireguard, "1.17.3 or older: from-network on cilium_wg0"),
  step("decryption", "from-network", always, ipsecStack, "it was decrypted"),
  step("decryption", "from-overlay", { tunnel: true }, ipsecStack, "it was decrypted"),
  step("decryption", "from-stack", always, ipsecStack, "it was decrypted"),
  step("from-crypto", "to-endpoint", { ...localPod, ...bpf }, wireguard),
  step("from-crypto", "prerouting", { ...localPod, ...legacy }, wireguard),
  step("from-crypto", "prerouting", always, wireguard, "no program takes it"),
  step("from-crypto", "to-network", { ...elsewhere, nodePort: true }, `${nodeport}; ${wireguard}`),
  step("from-crypto", "to-overlay", { ...elsewhere, nodePort: true, tunnel: true }, `${nodeport}; ${wireguard}`),
  step("from-overlay", "to-endpoint", localPod, overlay),
  step("from-overlay", "to-stack", toHost, `${overlay}; ${toHostHook}`),
  step(
    "from-overlay",
    "to-stack",
    always,
    `${overlay}; ${toHostHook}`,
    "it is for no endpoint of this node, or encrypted",
  ),
  step("from-overlay", "to-network", { ...elsewhere, egressGateway: true }, egressGw),
  step("from-overlay", "to-network", { ...elsewhere, nodePort: true }, nodeport),
  step(
    "from-overlay",
    "to-overlay",
    { ...elsewhere, nodePort: true, tunnel: true },
    nodeport,
    "its backend is on another node",
  ),

  // To a proxy, at the ingress policy of the receiving endpoint
  step("from-network", "to-proxy", { destination: "proxy", ...bpf }, lxcPolicy),
  step("from-network", "to-proxy", { nodePort: true }, serviceOfProxy, "a service of the proxy takes it"),
  step("from-crypto", "to-proxy", { destination: "proxy", ...bpf }, lxcPolicy),
  step("from-crypto", "to-proxy", { nodePort: true }, serviceOfProxy, "a service of the proxy takes it"),
  step("from-overlay", "to-proxy", { destination: "proxy" }, lxcPolicy),
  step("from-host", "to-proxy", { destination: "proxy" }, lxcPolicy),
  step("from-proxy", "to-proxy", { destination: "proxy" }, lxcPolicy, "both ends have a proxy on this node"),
  step("from-stack", "to-proxy", { destination: "proxy" }, lxcPolicy),
];

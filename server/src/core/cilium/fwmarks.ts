import type { MaskedValue } from "../net/maskedValue.js";
import { maskedOverlap } from "../net/maskedValue.js";

/** A use of bits of the packet's fwmark. (Never in monitor output, whose `mark` is the flow hash.) */
export interface FwmarkUse {
  readonly owner: string;
  readonly fwmark: MaskedValue;
  /** A noun phrase or clause. */
  readonly meaning: string;
  readonly source: string;
}

const kubeProxy =
  "pkg/proxy/iptables/proxier.go (iptables.masqueradeBit 14) and pkg/kubelet/kubelet_network_linux.go (iptablesDropBit 15), Kubernetes 1.2 to 1.34";
const tailscale = "tsconst/linuxfw.go, Tailscale 1.102";
const singTun = "redirect.go (DefaultAutoRedirectInputMark, -OutputMark), sing-tun 0.8.11";
const common = "bpf/lib/common.h, Cilium 1.14 to 1.19";
const magic = (value: number, meaning: string): FwmarkUse => ({
  owner: "Cilium",
  fwmark: { value, mask: 0xf00 },
  meaning,
  source: common,
});

/** Cilium's magic number is in bits 8 to 11; identity, endpoint or port stand in the upper 16 and lower 8 bits. */
export const fwmarkUses: readonly FwmarkUse[] = [
  magic(0x200, "goes to the L7 proxy; the upper 16 bits are its port"),
  magic(0x300, "source NAT is done"),
  magic(0x400, "Cilium's own tunnel packet"),
  magic(0x500, "the egress gateway has handled it"),
  magic(0x800, "from the proxy, not to be taken by it again"),
  magic(0x900, "from the egress proxy; the upper 16 bits are the endpoint"),
  magic(0xa00, "from the ingress proxy; the rest is the source identity"),
  magic(0xb00, "from the egress proxy; the rest is the source identity"),
  magic(0xc00, "sent by this node itself"),
  magic(0xd00, "decrypted"),
  magic(0xe00, "to be encrypted, or from WireGuard"),
  magic(0xf00, "carries the source identity to the endpoint's program"),
  {
    owner: "AWS VPC CNI",
    fwmark: { value: 0x80, mask: 0x80 },
    meaning: "came in by the primary interface (Cilium in ENI mode uses it too); collides with identity bits",
    source: "pkg/datapath/linux/linux_defaults/linux_defaults.go (MarkMultinodeNodeport), Cilium 1.14",
  },
  {
    owner: "kube-proxy",
    fwmark: { value: 0x4000, mask: 0x4000 },
    meaning: "to be masqueraded",
    source: kubeProxy,
  },
  {
    owner: "kube-proxy",
    fwmark: { value: 0x8000, mask: 0x8000 },
    meaning: "to be dropped (kubelet until 1.27)",
    source: kubeProxy,
  },
  {
    owner: "Tailscale",
    fwmark: { value: 0x80000, mask: 0xff0000 },
    meaning: "Tailscale's own packet, which bypasses its tunnel",
    source: tailscale,
  },
  {
    owner: "Tailscale",
    fwmark: { value: 0x40000, mask: 0xff0000 },
    meaning: "came in from a tailnet for a subnet behind this node, to be masqueraded",
    source: tailscale,
  },
  {
    owner: "wg-quick",
    fwmark: { value: 0xca6c, mask: 0xffffffff },
    meaning: "WireGuard's own packet (the number is 51820)",
    source: "src/wg-quick/linux.bash (add_default), wireguard-tools 1.0.2021",
  },
  {
    owner: "Mullvad",
    fwmark: { value: 0x6d6f6c65, mask: 0xffffffff },
    meaning: "Mullvad's own packet (the number spells `mole`)",
    source: "mullvad-types/src/lib.rs (TUNNEL_FWMARK), mullvadvpn-app",
  },
  {
    owner: "NetBird",
    fwmark: { value: 0x1bd00, mask: 0xffffffff },
    meaning: "NetBird's own packet, which bypasses its tunnel",
    source: "client/net/net.go (ControlPlaneMark), NetBird 0.77",
  },
  {
    owner: "Clash/mihomo or sing-box",
    fwmark: { value: 0x2023, mask: 0xffffffff },
    meaning: "to be taken into the TUN device",
    source: singTun,
  },
  {
    owner: "Clash/mihomo or sing-box",
    fwmark: { value: 0x2024, mask: 0xffffffff },
    meaning: "sent by the proxy itself, not to be taken again",
    source: singTun,
  },
  {
    owner: "OVN-Kubernetes",
    fwmark: { value: 0x1745ec, mask: 0xffffffff },
    meaning: "from the node to a service with internalTrafficPolicy Local",
    source: "go-controller/pkg/types/const.go (OVNKubeITPMark), OVN-Kubernetes 1.3",
  },
  {
    owner: "GKE's netd",
    fwmark: { value: 0x4000, mask: 0x4000 },
    meaning: "from a pod to itself by way of a service (kube-proxy's bit)",
    source: "pkg/config/config_policy_routing.go (hairpinMark), netd 0.10.12",
  },
];

/** Who uses exactly this value under this mask. */
export function fwmarkUse(fwmark: MaskedValue): FwmarkUse | undefined {
  return fwmarkUses.find(({ fwmark: used }) => used.value === fwmark.value && used.mask === fwmark.mask);
}

/** The other owners whose packets may carry this mark as well, because they use some of the same bits. */
export function fwmarkCollisions(fwmark: MaskedValue, owner: string): readonly FwmarkUse[] {
  return fwmarkUses.filter(
    (use) => use.owner !== owner && (use.fwmark.mask & fwmark.mask) !== 0 && maskedOverlap(use.fwmark, fwmark),
  );
}

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
    source: "kube-proxy, general knowledge",
  },
  {
    owner: "kube-proxy",
    fwmark: { value: 0x8000, mask: 0x8000 },
    meaning: "to be dropped",
    source: "kube-proxy, general knowledge",
  },
  {
    owner: "Tailscale",
    fwmark: { value: 0x80000, mask: 0xff0000 },
    meaning: "Tailscale's own packet, which bypasses its tunnel",
    source: "Tailscale, public incident reports",
  },
  {
    owner: "wg-quick",
    fwmark: { value: 0xca6c, mask: 0xffffffff },
    meaning: "WireGuard's own packet (the number is 51820)",
    source: "wg-quick, general knowledge",
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

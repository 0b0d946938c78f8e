import type { Ownership } from "./owners.js";

const cilium = "pkg/datapath/linux/linux_defaults/linux_defaults.go, Cilium 1.14 and 1.19";

/** By table id. Tables of per-interface schemes have no fixed id and are told by their rules (`ruleOwner`). */
const tables: ReadonlyMap<number, Ownership> = new Map([
  [253, owned("The kernel", "to hold what is looked up last", "certain", "include/uapi/linux/rtnetlink.h")],
  [254, owned("The kernel", "to hold all routes that name no table", "certain", "include/uapi/linux/rtnetlink.h")],
  [
    255,
    owned("The kernel", "to hold the node's own and broadcast addresses", "certain", "include/uapi/linux/rtnetlink.h"),
  ],
  [
    52,
    owned(
      "Tailscale",
      "to route its peers and the subnets they announce",
      "likely",
      "Tailscale, public incident reports",
    ),
  ],
  [200, owned("Cilium", "to route packets through IPsec", "likely", cilium)],
  [201, owned("Cilium", "to route packets to WireGuard (until 1.12)", "possible", cilium)],
  [202, owned("Cilium", "to route to VTEPs outside the cluster", "possible", cilium)],
  [220, owned("strongSwan", "to route by its IPsec policies", "possible", "strongSwan, public incident reports")],
  [2004, owned("Cilium", "to deliver packets marked for its L7 proxy to the local socket", "likely", cilium)],
  [2005, owned("Cilium", "to send packets of its L7 proxy back to cilium_host", "likely", cilium)],
  [2022, owned("Clash/mihomo", "to take traffic into its TUN device", "possible", "public incident reports")],
  [
    51820,
    owned(
      "wg-quick",
      "to send all traffic through its WireGuard device",
      "likely",
      "wg-quick, public incident reports",
    ),
  ],
]);

function owned(owner: string, purpose: string, confidence: Ownership["confidence"], source: string): Ownership {
  return { owner, purpose, confidence, source };
}

/** Who uses a table of this number, as far as the number tells. */
export function tableOwner(id: number): Ownership | undefined {
  return tables.get(id);
}

import type { Link } from "../iproute/section.js";

/**
 * Whether a device is a VRF. Where its details were not printed, a VRF is a master without ARP, which sets it apart from bridges and bonds
 * (drivers/net/vrf.c: vrf_setup; `<NOARP,MASTER,UP,LOWER_UP>`).
 */
export function isVrf({ flags, vrfTable }: Link): boolean {
  return vrfTable !== undefined || (flags.includes("MASTER") && flags.includes("NOARP"));
}

import type { Link } from "../iproute/section.js";

/** Which devices belong to which VRF, as far as links were dumped. */
export interface VrfMembership {
  /** The VRF a device belongs to; a VRF device belongs to itself. */
  of(device: string): string | undefined;
  isVrf(device: string): boolean;
  /** A device and, for a VRF, its members: what `iif NAME` and `oif NAME` in a rule stand for. */
  group(device: string): ReadonlySet<string>;
  /** All devices that are in some VRF. */
  readonly members: ReadonlySet<string>;
}

/**
 * Reads VRF membership off a list of links. A VRF is a master without ARP, which sets it apart from bridges and bonds
 * (drivers/net/vrf.c: vrf_setup; `<NOARP,MASTER,UP,LOWER_UP>`).
 */
export function readVrfs(links: ReadonlyMap<string, Link>): VrfMembership {
  const groups = new Map<string, Set<string>>();
  const vrfOf = new Map<string, string>();
  const join = (device: string, vrf: string) => {
    vrfOf.set(device, vrf);
    groups.set(vrf, (groups.get(vrf) ?? new Set()).add(device));
  };
  const isVrf = (device: string) => {
    const flags = links.get(device)?.flags;
    return flags?.includes("MASTER") === true && flags.includes("NOARP");
  };
  for (const link of links.values()) {
    if (isVrf(link.name)) join(link.name, link.name);
    else if (link.master !== undefined && isVrf(link.master)) join(link.name, link.master);
  }
  return {
    of: (device) => vrfOf.get(device),
    isVrf,
    group: (device) => groups.get(device) ?? new Set([device]),
    members: new Set(vrfOf.keys()),
  };
}

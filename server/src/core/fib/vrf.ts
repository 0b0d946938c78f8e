import type { Link } from "../iproute/section.js";
import { isVrf } from "../state/isVrf.js";

/** Which devices belong to which VRF, as far as links were dumped. */
export interface VrfMembership {
  /** The VRF a device belongs to; a VRF device belongs to itself. */
  of(device: string): string | undefined;
  isVrf(device: string): boolean;
  /** The table that a VRF's devices look up; `undefined` where only `ip -d link` would tell it. */
  tableOf(vrf: string): number | undefined;
  /** A device and, for a VRF, its members: what `iif NAME` and `oif NAME` in a rule stand for. */
  group(device: string): ReadonlySet<string>;
  /** All devices that are in some VRF. */
  readonly members: ReadonlySet<string>;
}

/** Reads VRF membership off a list of links. */
export function readVrfs(links: ReadonlyMap<string, Link>): VrfMembership {
  const groups = new Map<string, Set<string>>();
  const vrfOf = new Map<string, string>();
  const join = (device: string, vrf: string) => {
    vrfOf.set(device, vrf);
    groups.set(vrf, (groups.get(vrf) ?? new Set()).add(device));
  };
  const isNamedVrf = (device: string): boolean => {
    const link = links.get(device);
    return link !== undefined && isVrf(link);
  };
  for (const link of links.values()) {
    if (isVrf(link)) join(link.name, link.name);
    else if (link.master !== undefined && isNamedVrf(link.master)) join(link.name, link.master);
  }
  return {
    of: (device) => vrfOf.get(device),
    isVrf: isNamedVrf,
    tableOf: (vrf) => links.get(vrf)?.vrfTable,
    group: (device) => groups.get(device) ?? new Set([device]),
    members: new Set(vrfOf.keys()),
  };
}

import type { Link, LinkSection } from "../iproute/section.js";
import type { Family } from "../net/address.js";

export interface MergedLinks {
  readonly links: ReadonlyMap<string, Link>;
  /** Whether all devices were listed. */
  readonly complete: boolean;
  /** Families of which all addresses were listed. */
  readonly addressFamilies: ReadonlySet<Family>;
}

/** All that `ip addr` and `ip link` showed of the node's devices; later words count, per device and per family of addresses. */
export function mergeLinks(sections: readonly LinkSection[]): MergedLinks {
  const links = new Map<string, Link>();
  const addressFamilies = new Set<Family>();
  let complete = false;
  for (const section of sections) {
    for (const link of section.links)
      links.set(link.name, joinLink(links.get(link.name), link, section.addressFamilies));
    if (section.filter !== undefined || section.cut) continue;
    complete = true;
    for (const family of section.addressFamilies) addressFamilies.add(family);
  }
  // The kernel goes through devices by their index, e.g. for the source of a packet; brief lists have none and keep their place.
  const inOrder = [...links.values()].sort((a, b) =>
    a.index === undefined || b.index === undefined ? 0 : a.index - b.index,
  );
  return { links: new Map(inOrder.map((link) => [link.name, link])), complete, addressFamilies };
}

/** A brief form shows less than a full one: what only the earlier dump showed stays. */
function joinLink(before: Link | undefined, now: Link, families: readonly Family[]): Link {
  if (!before) return now;
  const kept = before.addresses.filter(({ address }) => !families.includes(address.family));
  const flags = now.flags.length > 0 ? now.flags : before.flags;
  return { ...before, ...now, flags, addresses: [...kept, ...now.addresses] };
}

import type { InterfaceAddress, Link } from "../iproute/section.js";
import type { Address } from "../net/address.js";
import { containsPrefix } from "../net/prefix.js";
import type { VrfMembership } from "./vrf.js";

/** RT_SCOPE_* of include/uapi/linux/rtnetlink.h by the names `ip` prints. */
const scopes: ReadonlyMap<string, number> = new Map([
  ["global", 0],
  ["site", 200],
  ["link", 253],
  ["host", 254],
  ["nowhere", 255],
]);

/** The number of a scope; `global` where none is printed. */
export function scopeNumber(name: string | undefined): number {
  return name === undefined ? 0 : (scopes.get(name) ?? Number(name));
}

/**
 * The source the kernel chooses for a device where the route names none (net/ipv4/devinet.c: inet_select_addr): the first primary
 * address of a sufficient scope whose subnet holds the gateway, else the first one; else any device's.
 *
 * @param links all devices with their addresses, in the order of their index.
 */
export function sourceAddress4(
  links: readonly Link[],
  dev: string,
  gateway: Address | undefined,
  scope: number,
  vrfs: VrfMembership,
): Address | undefined {
  const device = links.find(({ name }) => name === dev);
  const own = primaries(device).filter(
    (address) => Math.min(scopeNumber(address.scope), scopes.get("host") ?? 0) <= scope,
  );
  const matching = gateway && own.find((address) => containsPrefix(subnetOf(address), gateway));
  const chosen = matching ?? own[0];
  if (chosen) return chosen.address;
  const vrf = vrfs.of(dev);
  const others = links.filter(({ name }) => vrfs.of(name) === vrf && !vrfs.isVrf(name));
  const domain = [...links.filter(({ name }) => name === vrf), ...others];
  return domain.map((link) => firstOf(link, scope)).find((address) => address !== undefined);
}

function firstOf(link: Link, scope: number): Address | undefined {
  const linkScope = scopes.get("link");
  return primaries(link).find((address) => {
    const own = scopeNumber(address.scope);
    return own !== linkScope && own <= scope;
  })?.address;
}

function primaries(link: Link | undefined): readonly InterfaceAddress[] {
  return link?.addresses.filter(({ address, flags }) => address.family === 4 && !flags.includes("secondary")) ?? [];
}

function subnetOf({ address, peer, prefixLength }: InterfaceAddress) {
  return { ...(peer ?? address), length: prefixLength };
}

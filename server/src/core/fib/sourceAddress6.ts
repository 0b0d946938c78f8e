import type { InterfaceAddress, Link } from "../iproute/section.js";
import { type Address, sameAddress } from "../net/address.js";
import { addressKind } from "../net/addressKind.js";
import { containsPrefix, type Prefix, parsePrefix } from "../net/prefix.js";

interface Candidate {
  readonly dev: string;
  readonly entry: InterfaceAddress;
}

/** RFC 6724 section 2.1 with the additions of net/ipv6/addrlabel.c. */
const labels = (
  [
    ["::1/128", 0],
    ["2002::/16", 2],
    ["::/96", 3],
    ["::ffff:0:0/96", 4],
    ["fc00::/7", 5],
    ["2001::/32", 6],
    ["2001:10::/28", 7],
    ["fec0::/10", 11],
    ["3ffe::/16", 12],
  ] as const
).flatMap(([text, label]) => {
  const prefix = parsePrefix(text);
  return prefix ? [{ prefix, label }] : [];
});

/**
 * The source the kernel chooses for a destination (net/ipv6/addrconf.c: ipv6_dev_get_saddr, after RFC 6724 section 5), among all
 * addresses, or those of the device alone for destinations that mean the link. Privacy addresses are not preferred (use_tempaddr 0 or 1).
 */
export function sourceAddress6(links: readonly Link[], dev: string | undefined, dst: Address): Address | undefined {
  const scope = scopeOf(dst);
  const onLink = addressKind(dst) === "multicast" || scope <= linkLocalScope;
  const candidates = links
    .filter(({ name }) => !onLink || name === dev)
    .flatMap((link) => link.addresses.map((entry): Candidate => ({ dev: link.name, entry })))
    .filter(({ entry }) => entry.address.family === 6 && !isUnusable(entry));
  let best: { readonly address: Address; readonly score: readonly number[] } | undefined;
  for (const { dev: device, entry } of candidates) {
    const score = scoreOf(entry, device, dev, dst, scope);
    if (!best || isBetter(score, best.score)) best = { address: entry.address, score };
  }
  return best?.address;
}

function isUnusable({ flags }: InterfaceAddress): boolean {
  return flags.includes("dadfailed") || (flags.includes("tentative") && !flags.includes("optimistic"));
}

/** The rules of RFC 6724 in the kernel's order, each as a number of which the higher is better. */
function scoreOf(
  entry: InterfaceAddress,
  device: string,
  dev: string | undefined,
  dst: Address,
  scope: number,
): number[] {
  const { address, flags } = entry;
  const own = scopeOf(address);
  return [
    Number(sameAddress(address, dst)),
    own >= scope ? -own : own - 128,
    Number(!flags.includes("deprecated") && !flags.includes("optimistic")),
    Number(dev === undefined || device === dev),
    Number(labelOf(address) === labelOf(dst)),
    Number(!flags.includes("temporary")),
    Math.min(commonBits(address, dst), entry.prefixLength),
  ];
}

function isBetter(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at >= 0 && (a[at] ?? 0) > (b[at] ?? 0);
}

const linkLocalScope = 2;
const globalScope = 14;

/** The scope of an address by RFC 4007, loopback counting as link-local (RFC 6724 section 3.1). */
function scopeOf(address: Address): number {
  switch (addressKind(address)) {
    case "multicast":
      return Number((address.value >> 112n) & 0xfn);
    case "link-local":
    case "loopback":
      return linkLocalScope;
    default:
      return address.value >> 118n === 0x3fbn ? 5 : globalScope;
  }
}

function labelOf(address: Address): number {
  const matching = labels.filter(({ prefix }) => containsPrefix(prefix, address));
  return longest(matching)?.label ?? 1;
}

function longest<T extends { readonly prefix: Prefix }>(entries: readonly T[]): T | undefined {
  return entries.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}

function commonBits(a: Address, b: Address): number {
  const difference = a.value ^ b.value;
  return difference === 0n ? 128 : 128 - difference.toString(2).length;
}

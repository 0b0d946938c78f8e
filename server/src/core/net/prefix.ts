import { type Address, type Family, familyBits, formatAddress, parseAddress } from "./address.js";

/**
 * An address with a prefix length. `value` is kept as written, host bits included (`ip rule` keeps `from 10.1.2.3/16` so and
 * matches 10.1.0.0/16); everything that compares or contains looks at the first `length` bits only.
 */
export interface Prefix extends Address {
  readonly length: number;
}

/** Every address of a family: `0.0.0.0/0` or `::/0`. */
export function everything(family: Family): Prefix {
  return { family, value: 0n, length: 0 };
}

/** The prefix that holds one address alone. */
export function hostPrefix(address: Address): Prefix {
  return { family: address.family, value: address.value, length: familyBits(address.family) };
}

/** Reads `A/L` or a lone address (a host prefix), or answers `undefined`. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (!address) return undefined;
  if (slash < 0) return hostPrefix(address);
  const digits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits)) return undefined;
  const length = Number(digits);
  if (length > familyBits(address.family)) return undefined;
  return { family: address.family, value: address.value, length };
}

/** Writes a prefix as iproute2 does: a host prefix without its length. */
export function formatPrefix(prefix: Prefix): string {
  const address = formatAddress(prefix);
  return prefix.length === familyBits(prefix.family) ? address : `${address}/${prefix.length}`;
}

/** The lowest address of a prefix: its value with the host bits cleared. */
export function firstAddress(prefix: Prefix): Address {
  const hostBits = BigInt(familyBits(prefix.family) - prefix.length);
  return { family: prefix.family, value: (prefix.value >> hostBits) << hostBits };
}

/** The highest address of a prefix. */
export function lastAddress(prefix: Prefix): Address {
  const hostBits = BigInt(familyBits(prefix.family) - prefix.length);
  return { family: prefix.family, value: prefix.value | ((1n << hostBits) - 1n) };
}

/** The prefix with its host bits cleared. */
export function networkOf(prefix: Prefix): Prefix {
  const { family, value } = firstAddress(prefix);
  return { family, value, length: prefix.length };
}

/** Whether `inner` (an address or a whole prefix) lies in `outer`. */
export function containsPrefix(outer: Prefix, inner: Address & { readonly length?: number }): boolean {
  if (outer.family !== inner.family) return false;
  if ((inner.length ?? familyBits(inner.family)) < outer.length) return false;
  const hostBits = BigInt(familyBits(outer.family) - outer.length);
  return (outer.value ^ inner.value) >> hostBits === 0n;
}

/** Whether two prefixes have an address in common; then one contains the other. */
export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return containsPrefix(a, b) || containsPrefix(b, a);
}

/** Whether two prefixes hold the same addresses. */
export function samePrefix(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && containsPrefix(a, b);
}

/**
 * The fewest prefixes that hold exactly the addresses of `prefixes`, in ascending order: contained ones are dropped, and
 * two halves become their whole. All must be of one family.
 */
export function aggregatePrefixes(prefixes: readonly Prefix[]): Prefix[] {
  const sorted = prefixes
    .map(networkOf)
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : a.length - b.length));
  const result: Prefix[] = [];
  for (const next of sorted) {
    let prefix = next;
    const previous = result.at(-1);
    if (previous && containsPrefix(previous, prefix)) continue;
    for (let last = result.at(-1); last && last.length === prefix.length && last.length > 0; last = result.at(-1)) {
      const whole = networkOf({ ...last, length: last.length - 1 });
      if (!containsPrefix(whole, prefix)) break;
      result.pop();
      prefix = whole;
    }
    result.push(prefix);
  }
  return result;
}

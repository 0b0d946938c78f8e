import { Address6 } from "ip-address";

export type Family = 4 | 6;

/** An IP address. `value` is the address as an unsigned integer of 32 or 128 bits. */
export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** The number of bits in an address of this family. */
export function familyBits(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128;
}

const dottedQuad = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Eight groups, or fewer around a double colon; the last two may be a dotted quad. */
const couldBeAddress6 = /^(?=[0-9a-fA-F:.]{2,45}$)(?:.*::|(?:[0-9a-fA-F]{1,4}:){6}[0-9a-fA-F])/;

/**
 * Reads an address in its usual notation, or answers `undefined`. Strict, as iproute2 prints addresses: four decimal parts
 * without leading zeros for IPv4 (RFC 6943 section 3.1.1 tells why the looser forms are dangerous), RFC 4291 section 2.2 for IPv6.
 * A zone (`%eth0`) is not part of an address and is refused.
 */
export function parseAddress(text: string): Address | undefined {
  // Dumps and captures hold hundreds of thousands of IPv4 addresses; the library's parser would be most of the reading time.
  const quad = dottedQuad.exec(text);
  if (quad) {
    let value = 0;
    for (let part = 1; part <= 4; part++) {
      const digits = quad[part] ?? "";
      if (digits.length > 1 && digits.startsWith("0")) return undefined;
      const octet = Number(digits);
      if (octet > 255) return undefined;
      value = value * 256 + octet;
    }
    return { family: 4, value: BigInt(value) };
  }
  // The library throws and catches to say no, which is slow, and MAC addresses and times are asked about by the thousand.
  if (!couldBeAddress6.test(text) || !Address6.isValid(text)) return undefined;
  return { family: 6, value: new Address6(text).bigInt() };
}

/** Writes an address in its canonical notation: dotted quad, or RFC 5952. */
export function formatAddress(address: Address): string {
  const { family, value } = address;
  if (family === 4) {
    const bits = Number(value);
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  // RFC 5952 section 5: an IPv4-mapped address keeps its dotted part, as inet_ntop prints it.
  if (value >> 32n === 0xffffn) return `::ffff:${formatAddress({ family: 4, value: value & 0xffffffffn })}`;
  return Address6.fromBigInt(value).correctForm();
}

/** Whether two addresses are the same one. */
export function sameAddress(a: Address | undefined, b: Address | undefined): boolean {
  return a !== undefined && b !== undefined && a.family === b.family && a.value === b.value;
}

import type { Address } from "../net/address.js";

/** Bytes from a place on. Reading behind their end answers `undefined`. */
export interface Bytes {
  readonly all: Uint8Array;
  readonly at: number;
}

/** What stands `count` bytes further on. */
export function skip({ all, at }: Bytes, count: number): Bytes {
  return { all, at: at + count };
}

/** The byte at an offset. */
export function byte({ all, at }: Bytes, offset: number): number | undefined {
  return all[at + offset];
}

/** Two bytes as an unsigned number, the higher one first (network order). */
export function word(bytes: Bytes, offset: number): number | undefined {
  const low = byte(bytes, offset + 1);
  return low === undefined ? undefined : (byte(bytes, offset) ?? 0) * 256 + low;
}

/** Four bytes as an unsigned number in network order. */
export function long(bytes: Bytes, offset: number): number | undefined {
  const low = word(bytes, offset + 2);
  return low === undefined ? undefined : (word(bytes, offset) ?? 0) * 65536 + low;
}

/** Four bytes as an IPv4 address. */
export function address4(bytes: Bytes, offset: number): Address | undefined {
  const value = long(bytes, offset);
  return value === undefined ? undefined : { family: 4, value: BigInt(value) };
}

/** Sixteen bytes as an IPv6 address. */
export function address6(bytes: Bytes, offset: number): Address | undefined {
  let value = 0n;
  for (const part of [0, 4, 8, 12]) {
    const bits = long(bytes, offset + part);
    if (bits === undefined) return undefined;
    value = (value << 32n) | BigInt(bits);
  }
  return { family: 6, value };
}

/** Six bytes as a MAC address; fewer where the bytes end. */
export function mac({ all, at }: Bytes, offset: number): string {
  const bytes = [...all.subarray(at + offset, at + offset + 6)];
  return bytes.map((value) => value.toString(16).padStart(2, "0")).join(":");
}

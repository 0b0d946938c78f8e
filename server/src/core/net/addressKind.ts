import type { Address } from "./address.js";

/** What kind of address this is, as far as the kernel treats it apart from others (include/linux/in.h, include/net/ipv6.h). */
export type AddressKind =
  /** 0.0.0.0, `::`. The rest of 0.0.0.0/8 is routed like any other (ipv4_is_zeronet since Linux 5.3). */
  | "unspecified"
  /** 127.0.0.0/8, `::1`. */
  | "loopback"
  /** 224.0.0.0/4, ff00::/8. */
  | "multicast"
  /** 255.255.255.255. */
  | "broadcast"
  /** fe80::/10. In IPv4, 169.254.0.0/16 is routed like any other. */
  | "link-local"
  | "unicast";

export function addressKind({ family, value }: Address): AddressKind {
  if (value === 0n) return "unspecified";
  if (family === 4) {
    const first = Number(value >> 24n);
    if (first === 127) return "loopback";
    if (value === 0xffffffffn) return "broadcast";
    return first >= 224 && first < 240 ? "multicast" : "unicast";
  }
  if (value === 1n) return "loopback";
  if (value >> 120n === 0xffn) return "multicast";
  return value >> 118n === 0x3fan ? "link-local" : "unicast";
}

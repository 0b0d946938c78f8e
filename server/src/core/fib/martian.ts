import { type Address, formatAddress } from "../net/address.js";
import { type AddressKind, addressKind } from "../net/addressKind.js";
import type { Fib } from "./compileFib.js";
import { setting } from "./setting.js";

/** An address that no packet from outside can have. */
export interface Martian {
  /** A source may not be multicast, broadcast, 0.0.0.0 or loopback, a destination not 0.0.0.0 or loopback. */
  readonly reason: "martian-source" | "martian-destination";
  readonly message: string;
}

/**
 * The addresses that the kernel refuses before any look-up (net/ipv4/route.c: ip_route_input_slow; net/ipv6/ip6_input.c: ip6_rcv_core).
 * Packets that the node sends to itself come in by `lo` and may have them all.
 */
export function findMartian(
  fib: Fib,
  packet: { readonly src: Address; readonly dst: Address; readonly iif: string },
): Martian | undefined {
  const { src, dst, iif } = packet;
  if (iif === "lo") return undefined;
  const source = addressKind(src);
  const destination = addressKind(dst);
  const badSource = `${formatAddress(src)} cannot be the source of a packet from outside.`;
  if (source === "multicast" || source === "broadcast") return { reason: "martian-source", message: badSource };
  if (fib.family === 4 && destination === "broadcast") return undefined;
  if (fib.family === 4 && source === "unspecified") return { reason: "martian-source", message: badSource };
  const crosses = (kind: AddressKind) =>
    kind === "loopback" && (fib.family === 6 || !setting(fib, iif, "route_localnet").on);
  if (crosses(destination) || (fib.family === 4 && destination === "unspecified")) {
    return { reason: "martian-destination", message: `${formatAddress(dst)} cannot be reached from outside.` };
  }
  return destination !== "loopback" && crosses(source) ? { reason: "martian-source", message: badSource } : undefined;
}

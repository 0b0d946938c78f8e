import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { mixHash } from "./rowTable.js";

/**
 * The tuple of a row: addresses, protocol, ports (or ICMP id), and TCP flags or ICMP type. Equal for every packet of one kind of a flow, in
 * one direction, at one side of a translation; it tells little.
 */
export function hashTuple({ src, dst, sport, dport, protocol, detail }: EventColumns, row: number): number {
  let hash = mixHash(src[row] ?? 0, dst[row] ?? 0);
  hash = mixHash(hash, ((sport[row] ?? 0) << 16) | (dport[row] ?? 0));
  return mixHash(hash, ((protocol[row] ?? 0) << 16) ^ (detail[row] ?? 0));
}

export function sameTuple({ src, dst, sport, dport, protocol, detail }: EventColumns, a: number, b: number): boolean {
  return (
    src[a] === src[b] &&
    dst[a] === dst[b] &&
    sport[a] === sport[b] &&
    dport[a] === dport[b] &&
    protocol[a] === protocol[b] &&
    detail[a] === detail[b]
  );
}

/** The same, without the ICMP id, for rows that may show one packet though it differs. */
export function sameAddressesAndKind(
  { src, dst, sport, dport, protocol, detail, flags }: EventColumns,
  a: number,
  b: number,
) {
  return (
    src[a] === src[b] &&
    dst[a] === dst[b] &&
    protocol[a] === protocol[b] &&
    (((flags[a] ?? 0) & rowFlags.hasPorts) !== 0
      ? sport[a] === sport[b] && dport[a] === dport[b]
      : detail[a] === detail[b])
  );
}

import type { EventColumns } from "../columns/eventColumns.js";
import { mixHash } from "./rowTable.js";

/** Whether the source of a row is the lower one of its two ends, in an order that means nothing but is the same for all rows. */
export function sourceIsLower({ src, dst, sport, dport }: EventColumns, row: number): boolean {
  const a = src[row] ?? 0;
  const b = dst[row] ?? 0;
  return a === b ? (sport[row] ?? 0) <= (dport[row] ?? 0) : a < b;
}

/** The conversation key: protocol and both ends of a flow, the same in both directions. ICMP counts its echo id as a port. */
export function hashConversationKey({ src, dst, sport, dport, protocol }: EventColumns, row: number): number {
  const source = mixHash(src[row] ?? 0, sport[row] ?? 0);
  const destination = mixHash(dst[row] ?? 0, dport[row] ?? 0);
  return mixHash((source + destination) | 0, protocol[row] ?? 0);
}

export function sameConversationKey(columns: EventColumns, a: number, b: number): boolean {
  const { src, dst, sport, dport, protocol } = columns;
  if (protocol[a] !== protocol[b]) return false;
  if (src[a] === src[b] && dst[a] === dst[b]) {
    if (sport[a] === sport[b] && dport[a] === dport[b]) return true;
  }
  return src[a] === dst[b] && dst[a] === src[b] && sport[a] === dport[b] && dport[a] === sport[b];
}

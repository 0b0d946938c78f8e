import type { EventColumns } from "../columns/eventColumns.js";
import { pointOf } from "../columns/pointKinds.js";
import { protocols } from "../columns/protocolNumber.js";
import { lostBetween } from "../lostBetween.js";
import type { PacketRows } from "./joinedColumns.js";

const toOverlay = pointOf("to-overlay");
const toNetwork = pointOf("to-network");
const fromNetwork = pointOf("from-network");
const fromOverlay = pointOf("from-overlay");

/** Where tunnels listen: VXLAN as Linux and Cilium have it and by RFC 7348, Geneve (RFC 8926). */
const tunnelPorts: ReadonlySet<number> = new Set([8472, 4789, 6081]);

/**
 * What a tunnel puts before a frame: an Ethernet header of 14 bytes, IPv4 (20) or IPv6 (40), UDP (8), VXLAN or Geneve (8), and up to 252 bytes of
 * Geneve options in fours.
 */
function isTunnelOverhead(bytes: number): boolean {
  return [50, 70].some((least) => bytes >= least && bytes <= least + 252 && (bytes - least) % 4 === 0);
}

/**
 * Finds the outer packet of a packet that goes into the tunnel or comes out of it, where events before Cilium 1.18 show only the outer headers at the
 * native device: the event right before or after it on its CPU, to a port of a tunnel, and longer by just what a tunnel adds. The two
 * have no other field in common, so where the CPU or the length is not printed nothing is found.
 *
 * @returns outer packet by inner packet
 */
export function tunnelPackets(columns: EventColumns, { packet }: PacketRows): Map<number, number> {
  const { length, point, cpu, bytes, protocol, dport } = columns;
  const carriedBy = new Map<number, number>();
  const last = new Int32Array(1 << 16).fill(-1);
  const isOuter = (row: number) => protocol[row] === protocols.udp && tunnelPorts.has(dport[row] ?? 0);
  for (let row = 0; row < length; row++) {
    const onCpu = cpu[row] ?? 0;
    const before = last[onCpu] ?? -1;
    last[onCpu] = row;
    if (onCpu === 0 || before < 0) continue;
    const goesIn = point[before] === toOverlay && point[row] === toNetwork && isOuter(row);
    const comesOut = point[before] === fromNetwork && point[row] === fromOverlay && isOuter(before);
    if (!goesIn && !comesOut) continue;
    const [inner, outer] = goesIn ? [before, row] : [row, before];
    const overhead = (bytes[outer] ?? 0) - (bytes[inner] ?? 0);
    if (bytes[inner] === 0 || !isTunnelOverhead(overhead) || lostBetween(columns, before, row)) continue;
    if (packet[inner] !== packet[outer]) carriedBy.set(packet[inner] ?? 0, packet[outer] ?? 0);
  }
  return carriedBy;
}

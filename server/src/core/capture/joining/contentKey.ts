import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import type { Names } from "../columns/names.js";
import { protocols } from "../columns/protocolNumber.js";
import { mixHash } from "./rowTable.js";

/**
 * The content key of a packet: the fields that no translation on the way changes, and that tell it from the next packets of its flow. IP
 * identification, with TCP sequence, acknowledgement and flags, with ICMP type and sequence, or with the offset of a fragment.
 *
 * A row has one if its IP identification is not 0 or if it shows a TCP or ICMP sequence. IPv6 has no identification, Linux sends 0 in
 * packets that must not be fragmented and belong to no connected socket (net/ipv4/ip_output.c), and gopacket does not print
 * the sequence of an ICMPv6 echo: such packets have none.
 */
export function hasContentKey({ ipId, flags }: EventColumns, row: number): boolean {
  return ipId[row] !== 0 || ((flags[row] ?? 0) & rowFlags.hasSeq) !== 0;
}

const keyFlags = rowFlags.ipv6 | rowFlags.hasSeq | rowFlags.fragment;

/** The ICMP id counts only where there is no IP identification: masquerading changes it as it does a port. */
function countsId({ ipId, protocol }: EventColumns, row: number): boolean {
  return ipId[row] === 0 && (protocol[row] === protocols.icmp || protocol[row] === protocols.icmpv6);
}

function fragmentOffset({ flags, rare }: EventColumns, row: number): number {
  return (flags[row] ?? 0) & rowFlags.fragment ? (rare.get(row)?.fragmentOffset ?? 0) : 0;
}

export function hashContentKey(columns: EventColumns, row: number): number {
  const { flags, protocol, ipId, seq, ack, detail, sport } = columns;
  let hash = mixHash((flags[row] ?? 0) & keyFlags, ((protocol[row] ?? 0) << 16) | (ipId[row] ?? 0));
  hash = mixHash(hash, seq[row] ?? 0);
  hash = mixHash(hash, ack[row] ?? 0);
  hash = mixHash(hash, detail[row] ?? 0);
  return countsId(columns, row) ? mixHash(hash, sport[row] ?? 0) : hash;
}

export function sameContentKey(columns: EventColumns, a: number, b: number): boolean {
  const { flags, protocol, ipId, seq, ack, detail, sport } = columns;
  return (
    ipId[a] === ipId[b] &&
    seq[a] === seq[b] &&
    ack[a] === ack[b] &&
    protocol[a] === protocol[b] &&
    detail[a] === detail[b] &&
    (((flags[a] ?? 0) ^ (flags[b] ?? 0)) & keyFlags) === 0 &&
    (!countsId(columns, a) || sport[a] === sport[b]) &&
    fragmentOffset(columns, a) === fragmentOffset(columns, b)
  );
}

/**
 * Whether two rows with the same content key may be one packet by their addresses: a translation rewrites one end between two events,
 * with its port (and the ICMP id, which stands for a port). Where TCP numbers and the IP identification agree, 80 bits do, and both ends may
 * differ: a service with a backend on another node is translated at both at once (bpf/lib/nodeport.h).
 */
export function endsMayBelong(columns: EventColumns, a: number, b: number): boolean {
  const { src, dst, sport, dport, flags, ipId, protocol } = columns;
  const sameSrc = src[a] === src[b];
  const sameDst = dst[a] === dst[b];
  if (sameSrc && sameDst) return sport[a] === sport[b] && dport[a] === dport[b];
  if (protocol[a] === protocols.tcp && ipId[a] !== 0 && (flags[a] ?? 0) & rowFlags.hasSeq) return true;
  if (!sameSrc && !sameDst) return false;
  if (!((flags[a] ?? 0) & rowFlags.hasPorts)) return true;
  return sameSrc ? sport[a] === sport[b] : dport[a] === dport[b];
}

/** What a content key consists of, for the user: `IP id 900, ICMP id 5 seq 1`. Empty where there is none. */
export function wordsForContentKey(columns: EventColumns, row: number, names: Names): string {
  const { flags, protocol, ipId, seq, ack, sport } = columns;
  const words = ipId[row] ? [`IP id ${ipId[row]}`] : [];
  if ((flags[row] ?? 0) & rowFlags.hasSeq) {
    words.push(
      protocol[row] === protocols.tcp ? `TCP seq ${seq[row]} ack ${ack[row]}` : `ICMP id ${sport[row]} seq ${seq[row]}`,
    );
  } else if (protocol[row] === protocols.icmp && ipId[row]) {
    words.push(`ICMP ${names.text(columns.detail[row] ?? 0)}`);
  }
  const offset = fragmentOffset(columns, row);
  if (offset) words.push(`fragment offset ${offset}`);
  return words.join(", ");
}

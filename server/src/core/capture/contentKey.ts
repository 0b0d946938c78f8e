import type { PacketHeaders } from "../monitor/event.js";

/** What tells one packet from the next ones of its flow, and survives address and port translation. */
export interface ContentKey {
  readonly key: string;
  /** In words, for the user: `IP id 900, ICMP id 5 seq 1`. */
  readonly words: string;
}

/**
 * The fields of a packet that no translation on the way changes: IP identification with ICMP id and sequence, or with TCP
 * sequence and acknowledgement numbers. `undefined` where the headers hold nothing of the kind (IPv6 ICMP, UDP with IP id 0):
 * then only addresses can tell, and they tell little.
 */
export function contentKey(headers: PacketHeaders): ContentKey | undefined {
  const { ip, l4 } = headers;
  if (!ip) return undefined;
  // Linux sends id 0 in packets that must not be fragmented and belong to no connected socket; it tells nothing.
  const ipWords = ip.id ? [`IP id ${ip.id}`] : [];
  const ipKey = `${ip.src.family}|${ip.id ?? ""}`;
  switch (l4?.protocol) {
    case "icmp":
    case "icmpv6":
      if (l4.id === undefined && !ip.id) return undefined;
      return {
        key: `${ipKey}|${l4.protocol}|${l4.typeCode}|${l4.id ?? ""}|${l4.seq ?? ""}`,
        words: [...ipWords, ...(l4.id === undefined ? [] : [`ICMP id ${l4.id} seq ${l4.seq ?? "?"}`])].join(", "),
      };
    case "tcp":
      if (l4.seq === undefined) return undefined;
      return {
        key: `${ipKey}|tcp|${l4.seq}|${l4.ack ?? ""}|${l4.flags.join()}`,
        words: [...ipWords, `TCP seq ${l4.seq} ack ${l4.ack ?? 0}`].join(", "),
      };
    case "udp":
    case "sctp":
      if (!ip.id) return undefined;
      return { key: `${ipKey}|${l4.protocol}`, words: ipWords.join() };
    default:
      if (!ip.id) return undefined;
      return { key: `${ipKey}|${ip.protocol ?? ""}|${ip.fragmentOffset ?? 0}`, words: ipWords.join() };
  }
}

/** Addresses, protocol and message type: the same for every packet of one direction of a flow, at one side of a translation. */
export function addressKey(headers: PacketHeaders): string | undefined {
  const { ip, l4 } = headers;
  if (!ip) return undefined;
  const ends = `${ip.src.family}|${ip.src.value}|${ip.dst.value}`;
  switch (l4?.protocol) {
    case "icmp":
    case "icmpv6":
      return `${ends}|${l4.protocol}|${l4.typeCode}`;
    case "tcp":
    case "udp":
    case "sctp":
      return `${ends}|${l4.protocol}|${l4.sport}|${l4.dport}`;
    default:
      return `${ends}|${ip.protocol ?? ""}`;
  }
}

/** Both directions of a flow at one side of a translation have one conversation key. ICMP counts its echo id as a port. */
export function conversationKey(headers: PacketHeaders): string | undefined {
  const { ip, l4 } = headers;
  if (!ip) return undefined;
  const ports = l4 === undefined ? ["", ""] : "sport" in l4 ? [l4.sport, l4.dport] : [l4.id ?? "", l4.id ?? ""];
  const ends = [`${ip.src.value}:${ports[0]}`, `${ip.dst.value}:${ports[1]}`].sort();
  return `${ip.src.family}|${l4?.protocol ?? ip.protocol ?? ""}|${ends.join("|")}`;
}

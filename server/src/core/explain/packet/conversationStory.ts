import type { Packet } from "../../capture/packet.js";
import type { PacketEvent, PacketHeaders } from "../../monitor/event.js";
import { formatAddress } from "../../net/address.js";
import type { Trace } from "../../path/trace.js";
import { type ConversationEnd, endWords, peerWords } from "./endWords.js";
import { statusOf } from "./explainPacket.js";
import type { PacketStatus } from "./listPackets.js";

/** A packet as a conversation counts it. */
export interface ConversationPacket {
  readonly direction: Packet["direction"];
  /** Length in bytes; 0 where it is not printed. */
  readonly bytes: number;
  readonly status: PacketStatus;
  readonly protocol: string;
  /** Its ends at each of its events, in the order of its walk. */
  readonly ends: readonly { readonly src: ConversationEnd; readonly dst: ConversationEnd }[];
}

/** The packets of one direction. */
export interface DirectionCount {
  readonly packets: number;
  readonly bytes: number;
}

/** An end that is rewritten on the way, as the requests have it. */
export interface ConversationTranslation {
  readonly end: "client" | "server";
  readonly from: string;
  readonly to: string;
  /** By the socket load balancer, before there was a packet; absent where packets show it. */
  readonly by?: "socket";
}

/** A conversation in numbers: who spoke with whom, how much, what was translated, how its packets fared. */
export interface ConversationStory {
  /** `tcp`, `udp`, `icmp`, `arp`; a protocol without ports in gopacket's words; `frame` for what is no IP packet. */
  readonly protocol: string;
  /** Who asked, if any packet tells; else the source of the first one. */
  readonly client: ConversationEnd;
  readonly server: ConversationEnd;
  readonly requests: DirectionCount;
  readonly replies: DirectionCount;
  /** Packets of which it is not known whether they ask or answer. */
  readonly others: DirectionCount;
  readonly counts: Readonly<Record<PacketStatus, number>>;
  readonly translations: readonly ConversationTranslation[];
}

/** So many different translations are named: a server behind a gateway may have a client's every port. */
const mostTranslations = 8;

function endsOf({ ip, l4, arp, ethernet }: PacketHeaders): ConversationPacket["ends"] {
  if (!ip) {
    const [src, dst] = arp ? [formatAddress(arp.sender), formatAddress(arp.target)] : [ethernet?.src, ethernet?.dst];
    return src === undefined || dst === undefined ? [] : [{ src: { address: src }, dst: { address: dst } }];
  }
  const ports = l4 && "sport" in l4 ? l4 : undefined;
  return [
    {
      src: { address: formatAddress(ip.src), ...(ports && { port: ports.sport }) },
      dst: { address: formatAddress(ip.dst), ...(ports && { port: ports.dport }) },
    },
  ];
}

function protocolOf({ ip, l4, arp }: PacketHeaders): string {
  if (!ip) return arp ? "arp" : "frame";
  return l4?.protocol ?? ip.protocol ?? `ipv${ip.src.family}`;
}

function lengthOf(events: readonly PacketEvent[]): number {
  return events.find(({ bytes }) => bytes > 0)?.bytes ?? 0;
}

/** A walked packet as its conversation counts it. */
export function conversationPacket(trace: Trace): ConversationPacket {
  const { packet } = trace;
  const events = packet.events.map(({ event }) => event);
  return {
    direction: packet.direction,
    bytes: lengthOf(events),
    status: statusOf(trace),
    protocol: protocolOf(packet.headers ?? {}),
    ends: events.flatMap(({ headers }) => (headers ? endsOf(headers) : [])),
  };
}

function isSameEnd(a: ConversationEnd, b: ConversationEnd): boolean {
  return a.address === b.address && a.port === b.port;
}

/** What was translated on a packet's way, from the client's address on and to the server's; a reply is read backwards. */
function translationsOf({ direction, ends }: ConversationPacket): ConversationTranslation[] {
  const isReply = direction === "reply";
  const way = isReply ? [...ends].reverse() : ends;
  return way.slice(1).flatMap((after, index): ConversationTranslation[] => {
    const before = way[index] ?? after;
    const [client, server] = isReply ? (["dst", "src"] as const) : (["src", "dst"] as const);
    return (
      [
        ["client", client],
        ["server", server],
      ] as const
    ).flatMap(([end, side]) =>
      isSameEnd(before[side], after[side]) ? [] : [{ end, from: endWords(before[side]), to: endWords(after[side]) }],
    );
  });
}

/** Sums up the packets of one conversation. */
export interface ConversationTeller {
  /** Takes up the next packet; they come in order of first appearance. */
  add(packet: ConversationPacket): void;
  /** What was told so far; `undefined` where there was no packet. */
  story(): ConversationStory | undefined;
}

export function conversationTeller(): ConversationTeller {
  const counts = { broken: 0, unknown: 0, ok: 0 };
  const totals = {
    request: { packets: 0, bytes: 0 },
    reply: { packets: 0, bytes: 0 },
    unknown: { packets: 0, bytes: 0 },
  };
  const translations = new Map<string, ConversationTranslation>();
  let first: ConversationPacket | undefined;
  let asking: ConversationPacket | undefined;
  return {
    add(packet) {
      first ??= packet;
      if (packet.direction === "request") asking ??= packet;
      counts[packet.status]++;
      totals[packet.direction].packets++;
      totals[packet.direction].bytes += packet.bytes;
      if (translations.size >= mostTranslations) return;
      for (const each of translationsOf(packet)) translations.set(`${each.end} ${each.from} ${each.to}`, each);
    },
    story() {
      const telling = asking ?? first;
      if (!telling) return undefined;
      // A reply alone still tells who asked.
      const isReply = telling.direction === "reply";
      const ends = isReply ? telling.ends.at(-1) : telling.ends[0];
      const nobody = { address: "" };
      const [client, server] = isReply ? [ends?.dst, ends?.src] : [ends?.src, ends?.dst];
      return {
        protocol: telling.protocol,
        client: client ?? nobody,
        server: server ?? nobody,
        requests: totals.request,
        replies: totals.reply,
        others: totals.unknown,
        counts,
        translations: [...translations.values()],
      };
    },
  };
}

/** What the socket load balancer did for a packet's destination, as events of its sockets tell. */
export function socketTranslation({ hops }: Trace): ConversationTranslation | undefined {
  for (const step of hops.flatMap(({ steps }) => steps)) {
    if (step.type !== "witnessed" || step.witness.type !== "socket") continue;
    const { from, to } = step.witness;
    return { end: "server", from: peerWords(from), to: peerWords(to), by: "socket" };
  }
  return undefined;
}

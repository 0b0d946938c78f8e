import type { MonitorEvent, PacketEvent, PacketHeaders } from "../monitor/event.js";
import { sameAddress } from "../net/address.js";
import { addressKey, contentKey, conversationKey } from "./contentKey.js";
import { packetDirection } from "./direction.js";
import type { JoinedEvent, Packet } from "./packet.js";

/** Answers whether a packet seen at the first observation point may be seen next, on this node, at the second. */
export type MayFollow = (before: PacketEvent, after: PacketEvent) => boolean;

interface OpenPacket {
  readonly file: string;
  events: JoinedEvent[];
}

/** Events that can begin a packet's walk through a node; any other must have come from somewhere. */
const origins: ReadonlySet<string> = new Set(["from-endpoint", "from-network", "from-overlay"]);

/**
 * How many packets with the same key, the nearest ones, are asked whether an event is theirs. The monitor reads its rings in turn, so
 * the events of one packet stand near each other, also in a capture of a million.
 */
const nearby = 256;

function sharesAnEnd(a: PacketHeaders, b: PacketHeaders): boolean {
  return sameAddress(a.ip?.src, b.ip?.src) || sameAddress(a.ip?.dst, b.ip?.dst);
}

/** Routers only ever decrement it, so a higher one is another packet. */
function ttlMayFollow(before: PacketHeaders, after: PacketHeaders): boolean {
  return before.ip?.ttl === undefined || after.ip?.ttl === undefined || after.ip.ttl <= before.ip.ttl;
}

function isPacketEvent(event: MonitorEvent): event is PacketEvent {
  return (event.type === "trace" || event.type === "drop") && event.headers?.ip !== undefined;
}

/** First pass: what the packets themselves say. */
function joinByContents(events: readonly PacketEvent[], mayFollow: MayFollow): OpenPacket[] {
  const packets: OpenPacket[] = [];
  const byKey = new Map<string, OpenPacket[]>();
  for (const event of events) {
    if (!event.headers) continue;
    const traceId = event.ipTraceId ? `trace ${event.ipTraceId}` : undefined;
    const content = contentKey(event.headers);
    const key = traceId ?? content?.key;
    const candidates = key === undefined ? [] : (byKey.get(key) ?? []);
    const packet = candidates.slice(-nearby).findLast(({ events: known }) => {
      const last = known.at(-1)?.event;
      if (!last?.headers || !event.headers || !ttlMayFollow(last.headers, event.headers)) return false;
      return (traceId !== undefined || sharesAnEnd(last.headers, event.headers)) && mayFollow(last, event);
    });
    if (packet) {
      packet.events.push(
        traceId === undefined
          ? { event, join: "contents", by: content?.words ?? "" }
          : { event, join: "trace-id", by: `IP trace id ${event.ipTraceId}` },
      );
      continue;
    }
    const opened: OpenPacket = { file: event.place.file, events: [{ event, join: "first", by: content?.words ?? "" }] };
    packets.push(opened);
    candidates.push(opened);
    if (key !== undefined) byKey.set(key, candidates);
  }
  return packets;
}

/** The position in `packet` where a stray event fits, between two events or at the end; -1 if nowhere. */
function fittingPosition(packet: OpenPacket, stray: PacketEvent, mayFollow: MayFollow): number {
  for (let at = 0; at < packet.events.length; at++) {
    const before = packet.events[at]?.event;
    const after = packet.events[at + 1]?.event;
    if (!before?.headers || !stray.headers || before.place.start > stray.place.start) continue;
    if (!mayFollow(before, stray) || !ttlMayFollow(before.headers, stray.headers)) continue;
    if (!after) {
      if (addressKey(before.headers) === addressKey(stray.headers)) return at + 1;
      continue;
    }
    if (!after.headers || after.place.start < stray.place.start) continue;
    const agrees = [before.headers, after.headers].some((headers) => {
      return stray.headers !== undefined && addressKey(headers) === addressKey(stray.headers);
    });
    if (agrees && mayFollow(stray, after) && ttlMayFollow(stray.headers, after.headers)) return at + 1;
  }
  return -1;
}

/** Walks by the addresses they were seen with, in order of first appearance. */
function walksByAddress(walks: readonly OpenPacket[]): Map<string, OpenPacket[]> {
  const byAddress = new Map<string, OpenPacket[]>();
  for (const walk of walks) {
    for (const { event } of walk.events) {
      const key = event.headers && addressKey(event.headers);
      if (key === undefined) continue;
      const known = byAddress.get(key);
      if (!known) byAddress.set(key, [walk]);
      else if (known.at(-1) !== walk) known.push(walk);
    }
  }
  return byAddress;
}

function firstOffset({ events }: OpenPacket): number {
  return events[0]?.event.place.start ?? 0;
}

/** The one walk that a stray event fits into, of those that began nearest before it; `undefined` if none or several do. */
function onlyFit(walks: readonly OpenPacket[], stray: PacketEvent, mayFollow: MayFollow) {
  let low = 0;
  let high = walks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const walk = walks[middle];
    if (walk && firstOffset(walk) <= stray.place.start) low = middle + 1;
    else high = middle;
  }
  let fit: { walk: OpenPacket; at: number } | undefined;
  for (const walk of walks.slice(Math.max(0, low - nearby), low).reverse()) {
    const at = fittingPosition(walk, stray, mayFollow);
    if (at < 0) continue;
    if (fit) return undefined;
    fit = { walk, at };
  }
  return fit;
}

/**
 * Second pass: an event that can't be the first of a walk and was joined to nothing is put where it fits by its addresses, if that
 * is one place only. Where it fits twice it stays alone: what can't be told apart is not guessed.
 */
function adoptStrays(packets: readonly OpenPacket[], mayFollow: MayFollow): OpenPacket[] {
  const isStray = ({ events: [first, ...others] }: OpenPacket): boolean =>
    others.length === 0 && !(first?.event.type === "trace" && origins.has(first.event.observationPoint));
  const strays = new Set(packets.filter(isStray));
  const walks = walksByAddress(packets.filter((packet) => !strays.has(packet)));
  return packets.filter((packet) => {
    const event = strays.has(packet) ? packet.events[0]?.event : undefined;
    const key = event?.headers && addressKey(event.headers);
    const fit = event && key !== undefined ? onlyFit(walks.get(key) ?? [], event, mayFollow) : undefined;
    if (!event || !fit) return true;
    fit.walk.events.splice(fit.at, 0, { event, join: "addresses", by: "addresses and message type" });
    return false;
  });
}

/** Gives packets that share a flow, at either side of a translation, one conversation number. */
function numberConversations(packets: readonly OpenPacket[]): number[] {
  const parent = packets.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    for (let up = parent[at]; up !== undefined && up !== at; up = parent[at]) at = up;
    return at;
  };
  const firstWith = new Map<string, number>();
  packets.forEach(({ events }, index) => {
    for (const { event, join } of events) {
      const key = join === "addresses" || !event.headers ? undefined : conversationKey(event.headers);
      if (key === undefined) continue;
      const known = firstWith.get(key);
      if (known === undefined) firstWith.set(key, index);
      else parent[root(index)] = root(known);
    }
  });
  const numbers = new Map<number, number>();
  return packets.map((_, index) => {
    const top = root(index);
    const number = numbers.get(top) ?? numbers.size + 1;
    numbers.set(top, number);
    return number;
  });
}

/**
 * Joins the events of one capture into packets, and the packets into conversations.
 *
 * @param events the events of one capture, in the order of the file. Monitor output has no clock: the order is that in which the agent
 *   read its per-CPU rings.
 * @param mayFollow which observation may come after which, on one node (the datapath graph's business)
 */
export function joinPackets(events: readonly MonitorEvent[], mayFollow: MayFollow): Packet[] {
  const open = adoptStrays(joinByContents(events.filter(isPacketEvent), mayFollow), mayFollow);
  const conversations = numberConversations(open);
  return open.map(({ file, events: joined }, index) => ({
    number: index + 1,
    file,
    events: joined,
    headers: joined[0]?.event.headers,
    ...packetDirection(joined.filter(({ join }) => join !== "addresses").map(({ event }) => event)),
    conversation: conversations[index] ?? 0,
  }));
}

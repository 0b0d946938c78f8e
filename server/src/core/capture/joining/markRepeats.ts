import type { PacketHeaders } from "../../monitor/event.js";
import type { Completeness } from "../completeness.js";
import type { JoinedEvent, Packet } from "../packet.js";

/** What a retransmission has in common with what it repeats; `undefined` for packets that an IP identification tells apart. */
function repeatedPart({ conversation, headers }: Packet): string | undefined {
  const numbers = headers && !headers.ip?.id && sequenceOf(headers);
  return numbers ? `${conversation} ${numbers}` : undefined;
}

function sequenceOf({ l4 }: PacketHeaders): string | undefined {
  if (l4 === undefined || !("seq" in l4) || l4.seq === undefined) return undefined;
  return l4.protocol === "tcp"
    ? `${l4.sport} ${l4.dport} ${l4.seq} ${l4.ack ?? 0} ${l4.flags.join()}`
    : `${l4.typeCode} ${l4.id ?? 0} ${l4.seq}`;
}

/** The CPU of all events of a packet; `undefined` where it is not printed or changed. */
function cpuOf({ events }: Packet): number | undefined {
  const cpu = events[0]?.event.cpu;
  return events.every(({ event }) => event.cpu === cpu) ? cpu : undefined;
}

function walkOf({ events }: Packet): string {
  return events.map(({ event }) => (event.type === "trace" ? event.observationPoint : event.type)).join();
}

/** Packets with one key. */
interface Repeats {
  count: number;
  readonly walk: string;
  /** Whether all of them have the same walk, each on one CPU, which handles one packet at a time. */
  isOrdered: boolean;
}

function repeatsByPart(packets: readonly Packet[]): Map<string, Repeats> {
  const byPart = new Map<string, Repeats>();
  for (const packet of packets) {
    const part = repeatedPart(packet);
    if (part === undefined) continue;
    const isOnOneCpu = cpuOf(packet) !== undefined;
    const walk = walkOf(packet);
    const known = byPart.get(part);
    if (!known) byPart.set(part, { count: 1, walk, isOrdered: isOnOneCpu });
    else {
      known.count++;
      known.isOrdered &&= isOnOneCpu && walk === known.walk;
    }
  }
  return byPart;
}

function withDoubt(joined: JoinedEvent): JoinedEvent {
  return joined.join === "sequence" ? { ...joined, mayBeRepeat: true } : joined;
}

/**
 * Marks the events that were joined by `sequence` where a retransmission may be what they show. The key of such a join holds TCP sequence,
 * acknowledgement and flags, or ICMP id and sequence: a retransmission, a keepalive or a duplicate ACK has all of them, and so has the
 * packet that comes when 32 bits of sequence (16 of ICMP) wrap around. In played traffic without losses a key that only one packet has was
 * never joined wrongly, and hardly ever were retransmissions that all went the same way without a change of the CPU; of others some in a
 * hundred were, more where events were lost, and most with monitor aggregation, which shows one event of this and one of that. Of a thousand
 * wrong joins all but one or two are marked (test/core/capture/markRepeats.test.ts).
 *
 * @param packets of one capture
 * @param completeness what of the capture would show another packet with the same key
 */
export function markRepeats(packets: readonly Packet[], { isWhole, losses }: Completeness): Packet[] {
  const repeats = repeatsByPart(packets);
  return packets.map((packet) => {
    if (!packet.events.some(({ join }) => join === "sequence")) return packet;
    const { count, isOrdered } = repeats.get(repeatedPart(packet) ?? "") ?? { count: 1, isOrdered: true };
    const isSure = losses.length === 0 ? count === 1 || isOrdered : count === 1 && isOrdered;
    return isWhole && isSure ? packet : { ...packet, events: packet.events.map(withDoubt) };
  });
}

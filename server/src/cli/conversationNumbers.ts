import type { AnalysedPaths } from "./analysePaths.js";
import { type ListedPacket, listPackets } from "./packetRows.js";

/** The conversations of a case by their numbers, from 1: those with a broken packet first, as the list of packets has them. */
export interface ConversationNumbers {
  readonly count: number;
  /** The number of a packet's conversation. */
  of(packet: ListedPacket): number;
  /** The number of a conversation of a large capture. */
  ofLarge(capture: number, conversation: number): number;
  /** By packet of a large capture, from 0: its number in the list of packets. */
  positions(capture: number): Uint32Array;
  /** The packets of a conversation of files that were read whole, in order of appearance; none for one of a large capture. */
  small(number: number): readonly ListedPacket[];
  /** The number of the conversation that a packet of such a file belongs to. */
  ofSmall(file: string, node: string, packet: number): number | undefined;
}

/** Room by capture and number, as there may be too many for objects. */
function rooms(analysed: AnalysedPaths, sizeOf: (joined: { count: number; conversationCount: number }) => number) {
  return analysed.large?.captures.map(({ joined }) => new Uint32Array(sizeOf(joined))) ?? [];
}

export function conversationNumbers(analysed: AnalysedPaths): ConversationNumbers {
  const { large } = analysed;
  const positions = rooms(analysed, ({ count }) => count);
  const numbers = rooms(analysed, ({ conversationCount }) => conversationCount + 1);
  const smallNumbers = new Map<string, number>();
  const smallPackets = new Map<number, ListedPacket[]>();
  const byPacket = new Map<string, number>();
  let count = 0;
  const none = new Uint32Array();

  function of({ node, trace, capture, packet }: ListedPacket): number {
    if (trace) return smallNumbers.get(`${trace.packet.conversation} ${node} ${trace.packet.file}`) ?? 0;
    return numbers[capture]?.[large?.captures[capture]?.joined.conversation[packet] ?? 0] ?? 0;
  }

  for (const each of listPackets(analysed)) {
    const { trace, capture, packet, node, number } = each;
    const isKnown = of(each) !== 0;
    if (!isKnown) count++;
    if (trace) {
      const { conversation, file } = trace.packet;
      if (!isKnown) smallNumbers.set(`${conversation} ${node} ${file}`, count);
      const own = of(each);
      const packets = smallPackets.get(own);
      if (packets) packets.push(each);
      else smallPackets.set(own, [each]);
      byPacket.set(`${trace.packet.number} ${node} ${file}`, own);
    } else {
      const conversation = large?.captures[capture]?.joined.conversation[packet] ?? 0;
      if (!isKnown) numbers[capture]?.fill(count, conversation, conversation + 1);
      positions[capture]?.fill(number, packet, packet + 1);
    }
  }
  for (const packets of smallPackets.values()) {
    packets.sort((a, b) => (a.trace?.packet.number ?? 0) - (b.trace?.packet.number ?? 0));
  }
  return {
    count,
    of,
    ofLarge: (capture, conversation) => numbers[capture]?.[conversation] ?? 0,
    positions: (capture) => positions[capture] ?? none,
    small: (number) => smallPackets.get(number) ?? [],
    ofSmall: (file, node, packet) => byPacket.get(`${packet} ${node} ${file}`),
  };
}

import {
  type ConversationStory,
  conversationPacket,
  conversationTeller,
  indexedPacket,
  type LargeCapture,
} from "../core/index.js";
import type { AnalysedPaths } from "./analysePaths.js";
import type { ConversationNumbers } from "./conversationNumbers.js";
import type { ListedPacket } from "./packetRows.js";

/** A line of a file, from 1, and when it was reported, where the event says so. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
  readonly time?: string;
}

/** What all packets of a conversation say of it. */
export interface ConversationSum {
  readonly story: ConversationStory;
  /** The numbers of its packets in the list of packets, ascending. */
  readonly packets: readonly number[];
  /** The numbers of the conversations whose packets carry its own: tunnels, encrypted packets between nodes. */
  readonly carriedBy: readonly number[];
  /** Where its first event stands, and its last one. */
  readonly first: FileLine;
  readonly last: FileLine;
}

/** Sums up a conversation of files that were read whole. */
function sumSmall(
  { sources }: AnalysedPaths,
  numbers: ConversationNumbers,
  packets: readonly ListedPacket[],
): ConversationSum | undefined {
  const teller = conversationTeller();
  const carriers = new Set<number>();
  for (const { trace, node } of packets) {
    if (!trace) continue;
    teller.add(conversationPacket(trace));
    const outer = trace.packet.carriedBy;
    const carrier = outer && numbers.ofSmall(outer.file, node, outer.number);
    if (carrier !== undefined) carriers.add(carrier);
  }
  const lineOf = (packet: ListedPacket | undefined, at: 0 | -1): FileLine => {
    const event = packet?.trace?.packet.events.at(at)?.event;
    if (!event) return { file: "", line: 1 };
    const { file, line } = sources.place(event.place);
    return { file, line, ...(event.hubble?.time === undefined ? {} : { time: event.hubble.time }) };
  };
  const story = teller.story();
  return (
    story && {
      story,
      packets: packets.map(({ number }) => number).sort((a, b) => a - b),
      carriedBy: [...carriers],
      first: lineOf(packets[0], 0),
      last: lineOf(packets.at(-1), -1),
    }
  );
}

/** A conversation of a large capture while its packets are gone through. */
interface LargeSum {
  readonly teller: ReturnType<typeof conversationTeller>;
  readonly packets: number[];
  readonly carriers: Set<number>;
  /** Where its first event begins in the file, and its last one. */
  readonly first: number;
  last: number;
}

/** Goes once through the packets of a large capture, in the order in which they stand on disk, for some of its conversations. */
function sumLarge(
  capture: LargeCapture,
  index: number,
  numbers: ConversationNumbers,
  wanted: ReadonlySet<number>,
): Map<number, ConversationSum> {
  const { segments, joined, file, lineAt } = capture;
  const sums = new Map<number, LargeSum>();
  segments.spans.forEach(({ firstPacket, count }, at) => {
    for (let packet = firstPacket; packet < firstPacket + count; packet++) {
      const conversation = joined.conversation[packet] ?? 0;
      if (!wanted.has(conversation)) continue;
      const segment = segments.at(at);
      const { columns, rows, start } = segment;
      const own = packet - firstPacket;
      const offset = (place: number): number => columns.start[rows[place] ?? 0] ?? 0;
      const first = offset(start[own] ?? 0);
      const sum = sums.get(conversation) ?? {
        teller: conversationTeller(),
        packets: [],
        carriers: new Set<number>(),
        first,
        last: first,
      };
      sums.set(conversation, sum);
      sum.teller.add(indexedPacket(capture, segment, packet));
      sum.packets.push(numbers.positions(index)[packet] ?? 0);
      sum.last = offset((start[own + 1] ?? 1) - 1);
      const outer = joined.carriedBy.get(packet);
      if (outer !== undefined) sum.carriers.add(numbers.ofLarge(index, joined.conversation[outer] ?? 0));
    }
  });
  // Lines are found by looking through the file around them, which is done once if they are asked for in order.
  const offsets = [...sums.values()].flatMap(({ first, last }) => [first, last]).sort((a, b) => a - b);
  const lines = new Map(offsets.map((offset) => [offset, lineAt(offset).line + 1]));
  const lineOf = (offset: number): FileLine => ({ file, line: lines.get(offset) ?? 1 });
  const told = new Map<number, ConversationSum>();
  for (const [conversation, { teller, packets, carriers, first, last }] of sums) {
    const story = teller.story();
    if (!story) continue;
    packets.sort((a, b) => a - b);
    told.set(conversation, { story, packets, carriedBy: [...carriers], first: lineOf(first), last: lineOf(last) });
  }
  return told;
}

/** Sums up the conversations that some packets belong to; by the number of the conversation. */
export function conversationSums(
  analysed: AnalysedPaths,
  numbers: ConversationNumbers,
  packets: readonly ListedPacket[],
): Map<number, ConversationSum> {
  const sums = new Map<number, ConversationSum>();
  for (const each of packets) {
    const number = numbers.of(each);
    const sum = each.trace && sumSmall(analysed, numbers, numbers.small(number));
    if (sum) sums.set(number, sum);
  }
  analysed.large?.captures.forEach((capture, index) => {
    const own = packets.filter((each) => !each.trace && each.capture === index);
    const wanted = new Set(own.map(({ packet }) => capture.joined.conversation[packet] ?? 0));
    if (wanted.size === 0) return;
    for (const [conversation, sum] of sumLarge(capture, index, numbers, wanted)) {
      sums.set(numbers.ofLarge(index, conversation), sum);
    }
  });
  return sums;
}

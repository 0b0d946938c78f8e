import { type ConversationStory, conversationPacket, conversationStory, indexedPacket } from "../core/index.js";
import type { AnalysedPaths } from "./analysePaths.js";
import {
  type ListedPacket,
  listPackets,
  type PacketFilter,
  type PacketRow,
  packetRows,
  walkListed,
} from "./packetRows.js";

/** A conversation in the list of a case. */
export interface ConversationRow {
  /** Position among all conversations of the case, those with a broken packet first. */
  readonly number: number;
  readonly node: string;
  readonly story: ConversationStory;
  /** The worst packet, the first one of those; of those that are asked for where a filter asks. */
  readonly worst: PacketRow;
  /** The numbers of its packets in the list of packets, ascending. */
  readonly packets: readonly number[];
  /** The numbers of the conversations whose packets carry its own: tunnels, encrypted packets between nodes. */
  readonly carriedBy: readonly number[];
  /** Where its first event stands, and its last one. */
  readonly first: FileLine;
  readonly last: FileLine;
}

/** A line of a file, from 1, and when it was reported, where the event says so. */
export interface FileLine {
  readonly file: string;
  readonly line: number;
  readonly time?: string;
}

interface Group {
  readonly number: number;
  readonly packets: ListedPacket[];
}

/** What a packet shares with those of its conversation alone. */
function keyOf({ large }: AnalysedPaths, { node, trace, capture, packet }: ListedPacket): string {
  if (trace) return `${trace.packet.conversation} ${node} ${trace.packet.file}`;
  return `${large?.captures[capture]?.joined.conversation[packet] ?? 0} ${node} ${capture}`;
}

/** The packets by conversation, each at the place of its worst one. */
function groupConversations(analysed: AnalysedPaths, all: readonly ListedPacket[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const each of all) {
    const key = keyOf(analysed, each);
    const group = groups.get(key);
    if (group) group.packets.push(each);
    else groups.set(key, { number: groups.size + 1, packets: [each] });
  }
  return groups;
}

/** The packets of a group in order of appearance. */
function inOrder({ packets }: Group): ListedPacket[] {
  return packets
    .map((each) => ({ each, at: each.trace?.packet.number ?? each.packet }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

function* counted({ large }: AnalysedPaths, packets: Iterable<ListedPacket>) {
  for (const { trace, capture: index, packet } of packets) {
    const capture = large?.captures[index];
    if (trace) yield conversationPacket(trace);
    else if (capture) yield indexedPacket(capture, packet);
  }
}

/** Where the first or last event of a packet stands. */
function lineOf({ sources, large }: AnalysedPaths, packet: ListedPacket | undefined, at: "first" | "last"): FileLine {
  const capture = large?.captures[packet?.capture ?? -1];
  if (packet && capture) {
    const { joined, scanned, file } = capture;
    const row =
      joined.rows[at === "first" ? (joined.start[packet.packet] ?? 0) : (joined.start[packet.packet + 1] ?? 1) - 1];
    return { file, line: capture.lineAt(scanned.columns.start[row ?? 0] ?? 0).line + 1 };
  }
  const event = packet?.trace?.packet.events.at(at === "first" ? 0 : -1)?.event;
  if (!event) return { file: "", line: 1 };
  const { file, line } = sources.place(event.place);
  return { file, line, ...(event.hubble?.time === undefined ? {} : { time: event.hubble.time }) };
}

/** Answers the numbers of the conversations that carry a group's packets. */
function carriersOf(analysed: AnalysedPaths, groups: ReadonlyMap<string, Group>) {
  const byPacket = new Map<string, Group>();
  for (const group of groups.values()) {
    for (const { node, trace } of group.packets) {
      if (trace) byPacket.set(`${trace.packet.number} ${node} ${trace.packet.file}`, group);
    }
  }
  const carrierOf = ({ node, trace, capture, packet }: ListedPacket): Group | undefined => {
    const reference = trace?.packet.carriedBy;
    if (reference) return byPacket.get(`${reference.number} ${node} ${reference.file}`);
    const joined = analysed.large?.captures[capture]?.joined;
    const outer = joined?.carriedBy.get(packet);
    return outer === undefined ? undefined : groups.get(`${joined?.conversation[outer] ?? 0} ${node} ${capture}`);
  };
  return ({ packets }: Group): number[] => [...new Set(packets.flatMap((each) => carrierOf(each)?.number ?? []))];
}

/**
 * The conversations with a packet that is asked for. Only one packet of each is walked, its worst one, unless a filter must be asked of
 * the others.
 */
export function* conversationRows(analysed: AnalysedPaths, filter: PacketFilter): Generator<ConversationRow> {
  const { broken, packet, src, dst, port, endpoint, verdict } = filter;
  const all = listPackets(analysed);
  const groups = groupConversations(analysed, all);
  const byNumber = new Map<number, Group>();
  for (const group of groups.values()) for (const { number } of group.packets) byNumber.set(number, group);
  const heads = [...groups.values()].flatMap(({ packets: [head] }) =>
    head && (!broken || head.status === "broken") ? [head] : [],
  );
  const carriers = carriersOf(analysed, groups);
  const isFiltered = [packet, src, dst, port, endpoint, verdict].some((asked) => asked !== undefined);
  const shown = new Set<Group>();
  for (const worst of isFiltered ? packetRows(analysed, filter, all) : walkListed(analysed, heads)) {
    const group = byNumber.get(worst.number);
    if (!group || shown.has(group)) continue;
    shown.add(group);
    const ordered = inOrder(group);
    const story = conversationStory(counted(analysed, ordered));
    if (!story) continue;
    yield {
      number: group.number,
      node: worst.node,
      story,
      worst,
      packets: group.packets.map(({ number }) => number).sort((a, b) => a - b),
      carriedBy: carriers(group),
      first: lineOf(analysed, ordered[0], "first"),
      last: lineOf(analysed, ordered.at(-1), "last"),
    };
  }
}

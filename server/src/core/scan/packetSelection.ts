import type { EventColumns } from "../capture/columns/eventColumns.js";
import { directions } from "../capture/joining/joinedColumns.js";
import type { Span } from "../text/span.js";
import { type CaptureSegments, type PacketTable, segmentFinder } from "./captureSegment.js";
import type { ConversationTable } from "./conversationTable.js";

/** A packet's neighbours in its conversation that are taken with it, to either side. */
const neighbours = 2;

const request = directions.indexOf("request");
const reply = directions.indexOf("reply");

/**
 * The packets without which these can't be judged: of each one's conversation those next to it, and the first request, which tells where
 * replies go; and the packet that it may be a part of.
 */
export function withNeighbours(
  packets: Iterable<number>,
  { conversation, direction, mayGoOnAs }: PacketTable,
  { start, packets: ordered }: ConversationTable,
): Set<number> {
  const selected = new Set<number>();
  for (const packet of packets) {
    const rest = mayGoOnAs.get(packet);
    if (rest !== undefined) selected.add(rest);
    const group = conversation[packet] ?? 0;
    const from = start[group] ?? 0;
    const to = start[group + 1] ?? 0;
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ordered[middle] ?? 0) < packet) low = middle + 1;
      else high = middle;
    }
    for (let at = Math.max(from, low - neighbours); at <= Math.min(to - 1, low + neighbours); at++) {
      selected.add(ordered[at] ?? 0);
    }
    for (let at = from; at < Math.min(to, from + neighbours); at++) {
      if (direction[ordered[at] ?? 0] === request) selected.add(ordered[at] ?? 0);
    }
  }
  return selected;
}

/** The packets of conversations of several packets in which nothing answers. */
export function unansweredPackets(
  { direction, count }: PacketTable,
  { start, packets }: ConversationTable,
): Uint32Array {
  const found = new Uint32Array(count);
  let length = 0;
  for (let group = 1; group + 1 < start.length; group++) {
    const from = start[group] ?? 0;
    const to = start[group + 1] ?? 0;
    if (to - from < 2 || direction[packets[from] ?? 0] !== request) continue;
    let isAnswered = false;
    for (let at = from; at < to && !isAnswered; at++) isAnswered = direction[packets[at] ?? 0] === reply;
    if (isAnswered) continue;
    for (let at = from; at < to; at++) found[length++] = packets[at] ?? 0;
  }
  return found.subarray(0, length);
}

/** Where the events of packets stand in the file. */
export function placesOf(packets: Iterable<number>, segments: CaptureSegments): Span[] {
  const places: Span[] = [];
  const segmentOf = segmentFinder(segments);
  for (const packet of [...packets].sort((a, b) => a - b)) {
    const { rows, start, columns, firstPacket } = segmentOf(packet);
    const own = packet - firstPacket;
    for (let at = start[own] ?? 0; at < (start[own + 1] ?? 0); at++) places.push(placeOfRow(columns, rows[at] ?? 0));
  }
  return places;
}

/** Where the event of a row stands in the file. */
export function placeOfRow({ start, size }: EventColumns, row: number): Span {
  const from = start[row] ?? 0;
  return { start: from, end: from + (size[row] ?? 0) };
}

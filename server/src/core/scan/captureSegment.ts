import type { EventColumns } from "../capture/columns/eventColumns.js";
import type { JoinedColumns, PacketRows } from "../capture/joining/joinedColumns.js";

/**
 * Packets of a capture that follow each other, with the rows of all their events, in the order of the file. Every row of a capture is in the one
 * segment that has its packet, so that a segment can be looked at by itself. Packets and rows are counted from 0 within it.
 */
export interface CaptureSegment extends PacketRows {
  /** The number in the capture of its first packet, from 0. */
  readonly firstPacket: number;
  readonly columns: EventColumns;
  /** By row: 0 where it can be of no other packet. */
  readonly alternative: Uint32Array | Uint8Array;
}

/** What is known of a segment that is not at hand. */
export interface SegmentSpan {
  readonly firstPacket: number;
  /** How many packets and rows it has. */
  readonly count: number;
  readonly rows: number;
  /** Where its first and its last event begin. Segments overlap where packets were on their way at the end of one. */
  readonly from: number;
  readonly to: number;
}

/** The segments of a capture, one behind the other. They may be on disk: whoever asks for all of them asks in their order, and each once. */
export interface CaptureSegments {
  readonly spans: readonly SegmentSpan[];
  /** @throws what reading it throws, where it is on disk; that there is none */
  at(index: number): CaptureSegment;
}

/** What is known of the packets of a capture beside their rows; by packet of the capture, from 0. */
export type PacketTable = Omit<JoinedColumns, Exclude<keyof PacketRows, "count"> | "alternative">;

/** Where the monitor lost events. */
export interface LossPlace {
  /** Where the first event behind the message begins; infinitely far away if there is none. */
  readonly at: number;
  /** As in the column: number plus one, 0 where it was not printed. */
  readonly cpu: number;
}

export function lossPlaces({ losses, start, length }: EventColumns): LossPlace[] {
  return losses.map(({ row, cpu }) => ({ at: row < length ? (start[row] ?? 0) : Number.POSITIVE_INFINITY, cpu }));
}

export function spanOf({ firstPacket, count, columns }: CaptureSegment): SegmentSpan {
  const { length, start } = columns;
  return { firstPacket, count, rows: length, from: start[0] ?? 0, to: start[Math.max(0, length - 1)] ?? 0 };
}

/** A capture that is in memory: one segment. */
export function wholeSegment(columns: EventColumns, joined: JoinedColumns): CaptureSegments {
  const { count, packet, strength, rows, start, alternative } = joined;
  const segment: CaptureSegment = { firstPacket: 0, columns, count, packet, strength, rows, start, alternative };
  return { spans: [spanOf(segment)], at: () => segment };
}

/** The number of the segment that has a packet of the capture. */
function segmentWith({ spans }: CaptureSegments, packet: number): number {
  let low = 0;
  let high = spans.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.firstPacket ?? 0) <= packet) low = middle;
    else high = middle;
  }
  return low;
}

/** Answers the segment that has a packet. The last answer is kept: packets are mostly asked for in their order. */
export function segmentFinder(segments: CaptureSegments): (packet: number) => CaptureSegment {
  let held: { readonly index: number; readonly segment: CaptureSegment } | undefined;
  return (packet) => {
    const index = segmentWith(segments, packet);
    if (held?.index !== index) held = { index, segment: segments.at(index) };
    return held.segment;
  };
}

/** The row of the event that begins at an offset; -1 if none does. */
function rowAt({ start, length }: EventColumns, offset: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((start[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low < length && start[low] === offset ? low : -1;
}

/** The packet of the event that begins at an offset in the file, from 0; -1 if none does. */
export function packetAt(segments: CaptureSegments, offset: number): number {
  for (let index = 0; index < segments.spans.length; index++) {
    const { from = 0, to = -1 } = segments.spans[index] ?? {};
    if (offset < from || offset > to) continue;
    const { columns, packet, firstPacket } = segments.at(index);
    const row = rowAt(columns, offset);
    if (row >= 0) return firstPacket + (packet[row] ?? 0);
  }
  return -1;
}

import type { PacketEvent } from "../monitor/event.js";
import type { EventColumns } from "./columns/eventColumns.js";
import type { Names } from "./columns/names.js";
import { directions, directionsKnown, type JoinedColumns } from "./joining/joinedColumns.js";
import { joinStrengths } from "./joining/walks.js";
import type { JoinedEvent, Packet, PacketReference } from "./packet.js";
import { wordsForJoin } from "./wordsForJoin.js";

/** A capture as columns, and how to come back to its events. */
export interface ColumnCapture {
  readonly file: string;
  readonly columns: EventColumns;
  readonly joined: JoinedColumns;
  readonly names: Names;
  /** The event of a row, kept or decoded again; `undefined` where the text is no longer what it was. */
  readonly eventAt: (row: number) => PacketEvent | undefined;
}

/**
 * One packet as an object.
 *
 * @param index its number less one
 */
export function packetOfColumns(capture: ColumnCapture, index: number): Packet {
  const { file, columns, joined, names, eventAt } = capture;
  const events: JoinedEvent[] = [];
  for (let at = joined.start[index] ?? 0; at < (joined.start[index + 1] ?? 0); at++) {
    const row = joined.rows[at] ?? 0;
    const event = eventAt(row);
    if (!event) continue;
    const join = joinStrengths[joined.strength[row] ?? 0] ?? "first";
    const alternative = joined.alternative[row] ?? 0;
    events.push({
      event,
      join,
      by: wordsForJoin(columns, row, join, names),
      ...(alternative === 0 ? {} : { alternative }),
    });
  }
  const reference = (packet: number | undefined, by: string): PacketReference | undefined =>
    packet === undefined ? undefined : { file, number: packet + 1, by };
  const carriedBy = reference(joined.carriedBy.get(index), "its CPU, and a length that the tunnel explains");
  const causedBy = reference(joined.causedBy.get(index), "the destination and the sender's identity");
  const mayGoOnAs = reference(joined.mayGoOnAs.get(index), "its kind and one of its ends");
  return {
    number: index + 1,
    file,
    events,
    headers: events[0]?.event.headers,
    direction: directions[joined.direction[index] ?? 0] ?? "unknown",
    directionKnown: directionsKnown[joined.directionKnown[index] ?? 0] ?? "unknown",
    conversation: joined.conversation[index] ?? 0,
    ...(carriedBy && { carriedBy }),
    ...(causedBy && { causedBy }),
    ...(mayGoOnAs && { mayGoOnAs }),
  };
}

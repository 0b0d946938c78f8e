import { type EventColumns, rowFlags } from "../columns/eventColumns.js";
import { sourceIsLower } from "./conversationKey.js";
import { directions, directionsKnown, type JoinedColumns, type PacketRows } from "./joinedColumns.js";
import { ownDirections } from "./ownDirections.js";
import type { PacketFlows } from "./packetFlows.js";

const unknown = directions.indexOf("unknown");
const request = directions.indexOf("request");
const reply = directions.indexOf("reply");
const inferred = directionsKnown.indexOf("inferred");

/**
 * What a row of a packet with a known direction says of its flow, as bits: which direction packets from the lower end (1, 2) and from the higher
 * end (4, 8) have. 0 where the row shows no ends, which tell flows apart.
 */
export function flowBits(columns: EventColumns, row: number, direction: number): number {
  if (((columns.flags[row] ?? 0) & (rowFlags.hasPorts | rowFlags.hasSeq)) === 0) return 0;
  return direction << (sourceIsLower(columns, row) ? 0 : 2);
}

/** What the bits of a flow say of a packet in it: the directions that it may have, as bits. */
export function votesOf(bits: number, isFromLower: boolean): number {
  const same = isFromLower ? bits & 3 : bits >> 2;
  const opposite = isFromLower ? bits >> 2 : bits & 3;
  return same | ((opposite & request) << 1) | ((opposite & reply) >> 1);
}

/** The direction that all votes are for, and how it is known; `undefined` where they do not agree or there is none. */
export function directionByVotes(votes: number): { readonly direction: number; readonly known: number } | undefined {
  return votes === request || votes === reply ? { direction: votes, known: inferred } : undefined;
}

/**
 * Tells requests from replies: by what each packet tells (`ownDirections`), else by other packets of the same flow, if they agree. Everything else
 * is unknown; nothing is guessed.
 *
 * @param newSaysIt see `CaptureTraits`
 */
export function packetDirections(
  columns: EventColumns,
  packets: PacketRows,
  { flowOf, flowCount }: PacketFlows,
  newSaysIt: boolean,
): Pick<JoinedColumns, "direction" | "directionKnown"> {
  const { count, rows, start } = packets;
  const { direction, directionKnown } = ownDirections(columns, packets, newSaysIt);
  const flows = new Uint8Array(flowCount + 1);
  for (let packet = 0; packet < count; packet++) {
    const own = direction[packet] ?? unknown;
    if (own === unknown) continue;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      const flow = flowOf[row] ?? 0;
      if (flow !== 0) flows[flow] = (flows[flow] ?? 0) | flowBits(columns, row, own);
    }
  }
  for (let packet = 0; packet < count; packet++) {
    if (direction[packet] !== unknown) continue;
    let votes = 0;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      const flow = flowOf[row] ?? 0;
      if (flow !== 0) votes |= votesOf(flows[flow] ?? 0, sourceIsLower(columns, row));
    }
    const found = directionByVotes(votes);
    if (!found) continue;
    direction[packet] = found.direction;
    directionKnown[packet] = found.known;
  }
  return { direction, directionKnown };
}

import type { EventColumns } from "../../capture/columns/eventColumns.js";
import type { JoinedRows } from "../../capture/joining/joinColumns.js";
import type { CaptureSegment } from "../../scan/captureSegment.js";
import { pickRows } from "./rowWindow.js";

/** Packets of a window of rows that begin in a part of it, and their rows that no earlier packet has. */
export interface ChosenPackets {
  /** Their numbers in the window. */
  readonly packets: Uint32Array;
  readonly rows: Uint32Array;
  /** By packet: where its rows start in `rows`; one more at the end. */
  readonly start: Uint32Array;
}

/**
 * Chooses the packets that begin in a part of a window. Every row of the part that no earlier packet has is one of theirs.
 *
 * @param taken by row of the window: not 0 where an earlier packet has it
 * @param from the first row of the part, before which all are taken
 * @param to the row behind it
 */
export function choosePackets(joined: JoinedRows, taken: Uint32Array, from: number, to: number): ChosenPackets {
  const packets = new Uint32Array(to - from);
  const rows = new Uint32Array(joined.rows.length);
  const start = new Uint32Array(to - from + 1);
  // Row by row, so that the packets come in the order of their first rows.
  const isSeen = new Uint8Array(joined.count);
  let count = 0;
  let length = 0;
  for (let seen = from; seen < to; seen++) {
    const packet = joined.packet[seen] ?? 0;
    if (taken[seen] !== 0 || isSeen[packet]) continue;
    isSeen[packet] = 1;
    start[count] = length;
    for (let at = joined.start[packet] ?? 0; at < (joined.start[packet + 1] ?? 0); at++) {
      const row = joined.rows[at] ?? 0;
      if (row >= from && taken[row] === 0) rows[length++] = row;
    }
    packets[count++] = packet;
  }
  start[count] = length;
  return { packets: packets.subarray(0, count), rows: rows.subarray(0, length), start: start.slice(0, count + 1) };
}

/** The chosen packets by themselves. @param firstPacket the number in the capture of the first one */
export function segmentOf(
  columns: EventColumns,
  joined: JoinedRows,
  { rows, start }: ChosenPackets,
  firstPacket: number,
): CaptureSegment {
  const sorted = rows.slice().sort();
  const own = new Uint32Array(columns.length);
  sorted.forEach((row, index) => {
    own[row] = index;
  });
  const count = start.length - 1;
  const packet = new Uint32Array(rows.length);
  const listed = rows.map((row) => own[row] ?? 0);
  const strength = new Uint8Array(rows.length);
  const alternative = new Uint8Array(rows.length);
  for (let number = 0; number < count; number++) {
    for (let at = start[number] ?? 0; at < (start[number + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      const index = listed[at] ?? 0;
      packet[index] = number;
      // Where an earlier packet has the rows before, it is the first.
      strength[index] = at === start[number] ? 0 : (joined.strength[row] ?? 0);
      alternative[index] = Number(joined.alternative[row] !== 0);
    }
  }
  const picked = pickRows(columns, sorted);
  return { firstPacket, columns: picked, count, packet, strength, alternative, rows: listed, start };
}

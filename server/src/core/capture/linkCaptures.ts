import { columnNames, createColumnsBuilder } from "./columnsBuilder.js";
import type { EventColumns } from "./eventColumns.js";
import type { JoinedColumns } from "./joinedColumns.js";
import { linkEnds } from "./linkEnds.js";

/** One packet of one of several captures, by the index of both. */
export interface CapturedPacket {
  readonly capture: number;
  readonly packet: number;
}

/** A packet seen in two captures, or twice in one: where it left, and where it came in. */
export interface PacketLink {
  readonly from: CapturedPacket;
  readonly to: CapturedPacket;
}

/** As `linkPackets`, for captures as columns. All share one table of names. */
export function linkCaptures(
  captures: readonly { readonly columns: EventColumns; readonly joined: JoinedColumns }[],
): PacketLink[] {
  const builder = createColumnsBuilder(2 * captures.reduce((sum, { joined }) => sum + joined.count, 0));
  const ends: number[] = [];
  captures.forEach(({ columns, joined: { count, rows, start } }, capture) => {
    for (let packet = 0; packet < count; packet++) {
      const [first = 0, last = 0] = [rows[start[packet] ?? 0], rows[(start[packet + 1] ?? 0) - 1]];
      for (const row of [first, last]) {
        const end = builder.addRow();
        for (const name of columnNames) builder.columns[name][end] = columns[name][row] ?? 0;
        const rare = columns.rare.get(row);
        if (rare) builder.columns.rare.set(end, rare);
      }
      ends.push(capture, packet);
    }
  });
  // Two rows a packet: its first event, its last one.
  const packetOf = (row: number): CapturedPacket => {
    const at = row & ~1;
    return { capture: ends[at] ?? 0, packet: ends[at + 1] ?? 0 };
  };
  return linkEnds(
    builder.finish(),
    (row) => (row & 1) === 1,
    (row) => ends[row & ~1] ?? 0,
  ).map(({ exit, entry }) => ({ from: packetOf(exit), to: packetOf(entry) }));
}

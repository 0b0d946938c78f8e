import type { EventColumns } from "../columns/eventColumns.js";
import { hashConversationKey, sameConversationKey } from "./conversationKey.js";
import type { PacketRows } from "./joinedColumns.js";
import { createRowTable } from "./rowTable.js";
import { sameTuple } from "./tupleKey.js";
import { strengthIndex } from "./walks.js";

const enclosed = strengthIndex("enclosed");

/** The flows that packets are part of, at either side of a translation: all rows with one conversation key are of one. */
export interface PacketFlows {
  /** By row: number of its flow, from 1; 0 for rows that repeat the tuple before them in their packet, or may be of another packet. */
  readonly flowOf: Int32Array;
  readonly flowCount: number;
}

/** Whether the addresses of a row are surely those of its packet. */
export function tellsFlow({ strength }: PacketRows, row: number): boolean {
  return strength[row] !== enclosed;
}

/**
 * Numbers the flows in the order in which the packets show them.
 *
 * @param room for a number by row, and written over: memory that was used before is had for less than new one
 */
export function findFlows(columns: EventColumns, packets: PacketRows, room: Int32Array): PacketFlows {
  const { count, rows, start } = packets;
  const flowOf = room.fill(0);
  let flowCount = 0;
  // By the latest row of each flow, whose columns the processor still has at hand.
  const table = createRowTable((held, row) => sameConversationKey(columns, held, row));
  for (let packet = 0; packet < count; packet++) {
    let before = -1;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      if (!tellsFlow(packets, row) || (before >= 0 && sameTuple(columns, before, row))) continue;
      const latest = table.replaceLatest(row, hashConversationKey(columns, row));
      flowOf[row] = latest < 0 ? ++flowCount : (flowOf[latest] ?? 0);
      before = row;
    }
  }
  return { flowOf, flowCount };
}

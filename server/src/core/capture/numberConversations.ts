import { hashConversationKey, sameConversationKey } from "./conversationKey.js";
import type { EventColumns } from "./eventColumns.js";
import type { JoinedColumns, PacketRows } from "./joinedColumns.js";
import { createRowTable } from "./rowTable.js";
import { sameTuple } from "./tupleKey.js";
import { strengthIndex } from "./walks.js";

const enclosed = strengthIndex("enclosed");

/** Whether the addresses of a row are surely those of its packet. */
export function tellsFlow({ strength }: PacketRows, row: number): boolean {
  return strength[row] !== enclosed;
}

/**
 * For each row the first one with the same conversation key; rows of a packet that repeat the tuple before them are left at -1, and so are
 * those that may be of another packet.
 */
export function findFlows(columns: EventColumns, packets: PacketRows): Int32Array {
  const { count, rows, start } = packets;
  const flowOf = new Int32Array(columns.length).fill(-1);
  const table = createRowTable(count * 2, (a, b) => sameConversationKey(columns, a, b));
  for (let packet = 0; packet < count; packet++) {
    let before = -1;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      if (!tellsFlow(packets, row) || (before >= 0 && sameTuple(columns, before, row))) continue;
      flowOf[row] = table.first(row, hashConversationKey(columns, row));
      before = row;
    }
  }
  return flowOf;
}

/** Gives packets that share a flow, at either side of a translation, one conversation number. */
export function numberConversations(
  packets: PacketRows,
  flowOf: Int32Array,
): Pick<JoinedColumns, "conversation" | "conversationCount"> {
  const { count, packet: packetOf, rows } = packets;
  const parent = Uint32Array.from({ length: count }, (_, packet) => packet);
  const root = (packet: number): number => {
    let at = packet;
    for (let up = parent[at] ?? 0; up !== at; up = parent[at] ?? 0) {
      parent[at] = parent[up] ?? 0;
      at = up;
    }
    return at;
  };
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const flow = flowOf[row] ?? -1;
    if (flow < 0 || flow === row) continue;
    // The older packet stands for both, so that chains stay short in the order of the file.
    const a = root(packetOf[row] ?? 0);
    const b = root(packetOf[flow] ?? 0);
    parent[Math.max(a, b)] = Math.min(a, b);
  }
  const conversation = new Uint32Array(count);
  let conversationCount = 0;
  for (let packet = 0; packet < count; packet++) {
    const top = root(packet);
    conversation[packet] = top === packet ? ++conversationCount : (conversation[top] ?? 0);
  }
  return { conversation, conversationCount };
}

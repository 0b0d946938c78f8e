import type { PacketTable } from "./captureSegment.js";

/** Packets by conversation, each conversation's in order of first appearance. */
export interface ConversationTable {
  /** By number of the conversation: where its packets start in `packets`; one more at the end. */
  readonly start: Uint32Array;
  readonly packets: Uint32Array;
}

export function conversationTable({ count, conversation, conversationCount }: PacketTable): ConversationTable {
  const start = new Uint32Array(conversationCount + 2);
  for (let packet = 0; packet < count; packet++) {
    const next = (conversation[packet] ?? 0) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let index = 1; index < start.length; index++) start[index] = (start[index] ?? 0) + (start[index - 1] ?? 0);
  const at = start.slice();
  const packets = new Uint32Array(count);
  for (let packet = 0; packet < count; packet++) {
    const group = conversation[packet] ?? 0;
    const place = at[group] ?? 0;
    packets[place] = packet;
    at[group] = place + 1;
  }
  return { start, packets };
}

import type { JoinedColumns, PacketRows } from "./joinedColumns.js";
import type { PacketFlows } from "./packetFlows.js";

/** Gives packets that share a flow, at either side of a translation, one conversation number. */
export function numberConversations(
  { count, rows, start }: PacketRows,
  { flowOf, flowCount }: PacketFlows,
): Pick<JoinedColumns, "conversation" | "conversationCount"> {
  // A forest of flows: each leads to an older one of its conversation, the oldest to itself.
  const parent = new Uint32Array(flowCount + 1);
  for (let flow = 1; flow <= flowCount; flow++) parent[flow] = flow;
  const root = (flow: number): number => {
    let at = flow;
    for (let up = parent[at] ?? 0; up !== at; up = parent[at] ?? 0) {
      parent[at] = parent[up] ?? 0;
      at = up;
    }
    return at;
  };
  for (let packet = 0; packet < count; packet++) {
    const from = start[packet] ?? 0;
    const own = flowOf[rows[from] ?? 0] ?? 0;
    for (let at = from + 1; at < (start[packet + 1] ?? 0); at++) {
      const flow = flowOf[rows[at] ?? 0] ?? 0;
      if (flow === 0 || flow === own) continue;
      const a = root(own);
      const b = root(flow);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const numbers = new Uint32Array(flowCount + 1);
  const conversation = new Uint32Array(count);
  let conversationCount = 0;
  for (let packet = 0; packet < count; packet++) {
    const top = root(flowOf[rows[start[packet] ?? 0] ?? 0] ?? 0);
    if (numbers[top] === 0) numbers[top] = ++conversationCount;
    conversation[packet] = numbers[top] ?? 0;
  }
  return { conversation, conversationCount };
}

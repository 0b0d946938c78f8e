import type { Packet } from "../capture/packet.js";
import type { PathContext } from "./pathContext.js";

/** How many packets of a conversation before and after one are looked at: a conversation may have a million. */
const reach = 64;

/** The packets of a packet's conversation that began nearest to it, itself among them, in order of first appearance. */
export function conversationNear(context: PathContext, packet: Packet): readonly Packet[] {
  const all = context.conversationOf(packet);
  if (all.length <= 2 * reach) return all;
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.number ?? 0) < packet.number) low = middle + 1;
    else high = middle;
  }
  return all.slice(Math.max(0, low - reach), low + reach);
}

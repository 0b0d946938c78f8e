import type { EventColumns } from "../columns/eventColumns.js";
import { createFollowTable, type MayFollow } from "./followTable.js";
import { joinByContents } from "./joinByContents.js";
import { joinByFlow } from "./joinByFlow.js";
import { joinEnclosed } from "./joinEnclosed.js";
import type { JoinedColumns, PacketRows } from "./joinedColumns.js";
import { numberConversations } from "./numberConversations.js";
import { numberPackets } from "./numberPackets.js";
import { packetDirections } from "./packetDirections.js";
import { findFlows } from "./packetFlows.js";
import { proxyPackets } from "./proxyPackets.js";
import { tunnelPackets } from "./tunnelPackets.js";
import { createWalks, type Walks } from "./walks.js";

/** Alternatives as packets: rows were remembered, since packets had no numbers yet. One that joined the same packet is none. Written in place. */
function alternativePackets({ alternative }: Walks, { packet }: PacketRows): Uint32Array {
  for (let row = 0; row < alternative.length; row++) {
    if (alternative[row] === 0) continue;
    const other = (alternative[row] ?? 0) - 1;
    alternative[row] = packet[other] === packet[row] ? 0 : (packet[other] ?? 0) + 1;
  }
  return alternative;
}

/** What packets may go on as, from 0: rows were remembered, since packets had no numbers yet. What was joined after all is left out. */
function followingPackets({ followers, strength }: Walks, { packet }: PacketRows): Map<number, number> {
  const found = new Map<number, number>();
  for (const [tail, head] of followers) {
    if (strength[head] === 0 && packet[tail] !== packet[head]) found.set(packet[tail] ?? 0, packet[head] ?? 0);
  }
  return found;
}

/**
 * Joins the events of one capture into packets and the packets into conversations: the one join, for captures of any size. Linear in the number of
 * rows; makes no object per row.
 *
 * @param columns the events, in the order of the file. Monitor output has no clock: the order is that in which the agent read its
 *   per-CPU rings, real for the events of one CPU and near the truth across them.
 * @param mayFollow which observation point may come after which, on one node (asked once for each pair)
 */
export function joinColumns(columns: EventColumns, mayFollow: MayFollow): JoinedColumns {
  const follows = createFollowTable(mayFollow);
  const walks = createWalks(columns.length);
  const marks = joinByContents(columns, follows, walks);
  joinByFlow(columns, follows, walks, marks);
  joinEnclosed(columns, follows, walks);
  const packets = numberPackets(walks);
  const flows = findFlows(columns, packets, walks.next);
  return {
    ...packets,
    alternative: alternativePackets(walks, packets),
    ...numberConversations(packets, flows),
    ...packetDirections(columns, packets, flows),
    carriedBy: tunnelPackets(columns, packets),
    causedBy: proxyPackets(columns, packets),
    mayGoOnAs: followingPackets(walks, packets),
  };
}

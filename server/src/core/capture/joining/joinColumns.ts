import type { EventColumns } from "../columns/eventColumns.js";
import { type CaptureTraits, captureTraits } from "./captureTraits.js";
import { contentsJoiner } from "./contentsJoiner.js";
import { createFollowTable, type MayFollow } from "./followTable.js";
import { joinByFlow } from "./joinByFlow.js";
import { joinEnclosed } from "./joinEnclosed.js";
import type { JoinedColumns, PacketRows } from "./joinedColumns.js";
import { numberConversations } from "./numberConversations.js";
import { numberPackets } from "./numberPackets.js";
import { packetDirections } from "./packetDirections.js";
import { findFlows } from "./packetFlows.js";
import { proxyPackets } from "./proxyPackets.js";
import { tunnelPackets } from "./tunnelPackets.js";
import { createWalks, cutWalks, extendWalks, type Walks } from "./walks.js";

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

/** What rows are joined to, before anything is known of conversations. */
export type JoinedRows = PacketRows & Pick<JoinedColumns, "alternative" | "carriedBy" | "causedBy" | "mayGoOnAs">;

/** Walks of rows that come a portion after the other. */
interface WalksJoiner {
  add(columns: EventColumns): void;
  finish(columns: EventColumns, traits: CaptureTraits): Walks;
}

function walksJoiner(mayFollow: MayFollow): WalksJoiner {
  const follows = createFollowTable(mayFollow);
  const contents = contentsJoiner(follows);
  let walks = createWalks(0);

  /** Columns that grow have more room than rows: then the walks need not be extended for each portion. */
  function makeRoom({ length, point }: EventColumns): void {
    if (walks.next.length < length) walks = extendWalks(walks, Math.max(length, point.length));
  }

  return {
    add(columns) {
      makeRoom(columns);
      contents.add(columns, walks);
    },
    finish(columns, { showsArrivals }) {
      makeRoom(columns);
      contents.finish(columns, walks);
      const cut = cutWalks(walks, columns.length);
      joinByFlow(columns, follows, cut, showsArrivals);
      joinEnclosed(columns, follows, cut);
      return cut;
    },
  };
}

function packetsOf(columns: EventColumns, walks: Walks): JoinedRows {
  const packets = numberPackets(walks);
  return {
    ...packets,
    alternative: alternativePackets(walks, packets),
    carriedBy: tunnelPackets(columns, packets),
    causedBy: proxyPackets(columns, packets),
    mayGoOnAs: followingPackets(walks, packets),
  };
}

/**
 * Joins the events of a part of a capture into packets. Events stand no farther apart than `farApart` where one packet's are: with so many rows
 * around it, the join of a part is that of the whole.
 *
 * @param traits what is known of the whole capture
 */
export function joinRows(columns: EventColumns, mayFollow: MayFollow, traits: CaptureTraits): JoinedRows {
  return packetsOf(columns, walksJoiner(mayFollow).finish(columns, traits));
}

/** Joins the events of a capture whose rows come a portion after the other. */
export interface ColumnsJoiner {
  /** Takes up the rows behind those that it knows. Much of the work is done here, so that it can be done while the rest is read. */
  add(columns: EventColumns): void;
  /** Takes up the last rows. The joiner is not to be used afterwards. */
  finish(columns: EventColumns): JoinedColumns;
}

/**
 * Joins the events of one capture into packets and the packets into conversations: the one join, for captures of any size. Linear in the number of
 * rows; makes no object per row. However the rows are portioned, the answer is the same.
 *
 * @param mayFollow which observation point may come after which, on one node (asked once for each pair)
 */
export function columnsJoiner(mayFollow: MayFollow): ColumnsJoiner {
  const joiner = walksJoiner(mayFollow);
  return {
    add: joiner.add,
    finish(columns) {
      const traits = captureTraits(columns);
      const walks = joiner.finish(columns, traits);
      const packets = packetsOf(columns, walks);
      const flows = findFlows(columns, packets, walks.next);
      return {
        ...packets,
        ...numberConversations(packets, flows),
        ...packetDirections(columns, packets, flows, traits.saysUnknown),
      };
    },
  };
}

/**
 * Joins the events of one capture that are all there.
 *
 * @param columns the events, in the order of the file. Monitor output has no clock: the order is that in which the agent read its
 *   per-CPU rings, real for the events of one CPU and near the truth across them.
 * @param mayFollow as for `columnsJoiner`
 */
export function joinColumns(columns: EventColumns, mayFollow: MayFollow): JoinedColumns {
  return columnsJoiner(mayFollow).finish(columns);
}

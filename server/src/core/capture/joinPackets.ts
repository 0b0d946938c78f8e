import type { MonitorEvent } from "../monitor/event.js";
import { columnsOfEvents, isPacketEvent } from "./columns/columnsOfEvents.js";
import { createNames } from "./columns/names.js";
import type { MayFollow } from "./joining/followTable.js";
import { joinColumns } from "./joining/joinColumns.js";
import type { Packet } from "./packet.js";
import { packetOfColumns } from "./packetOfColumns.js";

/**
 * Joins the events of one capture into packets, and the packets into conversations: `joinColumns` for captures whose events are at hand.
 *
 * @param events the events of one capture, in the order of the file
 * @param mayFollow which observation point may come after which, on one node (the datapath graph's business)
 */
export function joinPackets(events: readonly MonitorEvent[], mayFollow: MayFollow): Packet[] {
  const names = createNames();
  const columns = columnsOfEvents(events, names);
  const joined = joinColumns(columns, mayFollow);
  const packetEvents = events.filter(isPacketEvent);
  const capture = {
    file: packetEvents[0]?.place.file ?? "",
    columns,
    joined,
    names,
    eventAt: (row: number) => packetEvents[row],
  };
  return Array.from({ length: joined.count }, (_, index) => packetOfColumns(capture, index));
}

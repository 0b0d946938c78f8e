import { rowFlags } from "../capture/columns/eventColumns.js";
import { protocolName, protocols } from "../capture/columns/protocolNumber.js";
import { directions } from "../capture/joining/joinedColumns.js";
import type { ConversationPacket } from "../explain/packet/conversationStory.js";
import type { ConversationEnd } from "../explain/packet/endWords.js";
import type { CaptureSegment } from "../scan/captureSegment.js";
import type { LargeCapture } from "./largeCase.js";

/**
 * A packet of a large capture as its conversation counts it, from the index alone.
 *
 * @param segment the one that has the packet
 */
export function indexedPacket(capture: LargeCapture, segment: CaptureSegment, packet: number): ConversationPacket {
  const { scanned, joined, statuses, classes } = capture;
  const { names } = scanned;
  const { direction } = joined;
  const { columns, rows, start } = segment;
  const at = packet - segment.firstPacket;
  const own = rows.subarray(start[at] ?? 0, start[at + 1] ?? 0);
  const first = own[0] ?? 0;
  const end = (row: number, name: number, port: number): ConversationEnd => ({
    address: names.text(name),
    ...((columns.flags[row] ?? 0) & rowFlags.hasPorts ? { port } : {}),
  });
  const isArp = columns.protocol[first] === protocols.frame && columns.detail[first] !== 0;
  return {
    direction: directions[direction[packet] ?? 0] ?? "unknown",
    bytes: columns.bytes[own.find((row) => columns.bytes[row] !== 0) ?? first] ?? 0,
    status: statuses[classes.classOf[packet] ?? 0] ?? "unknown",
    protocol: isArp
      ? "arp"
      : protocolName(columns.protocol[first] ?? 0, ((columns.flags[first] ?? 0) & rowFlags.ipv6) !== 0),
    ends: Array.from(own, (row) => ({
      src: end(row, columns.src[row] ?? 0, columns.sport[row] ?? 0),
      dst: end(row, columns.dst[row] ?? 0, columns.dport[row] ?? 0),
    })),
  };
}

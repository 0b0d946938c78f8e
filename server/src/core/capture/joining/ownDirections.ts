import { observationPoints } from "../../cilium/observationPoints.js";
import { isNewMeaningless } from "../../cilium/traceReasons.js";
import { arpOperations, dropPoint, type EventColumns, rowFlags, tcpFlagBits } from "../columns/eventColumns.js";
import { fixedName } from "../columns/names.js";
import { protocols } from "../columns/protocolNumber.js";
import { directions, directionsKnown, type JoinedColumns, type PacketRows } from "./joinedColumns.js";
import { tellsFlow } from "./packetFlows.js";

const unknown = directions.indexOf("unknown");
const request = directions.indexOf("request");
const reply = directions.indexOf("reply");
const known = directionsKnown.indexOf("known");
const inferred = directionsKnown.indexOf("inferred");

const echoRequest = fixedName("EchoRequest");
const echoReply = fixedName("EchoReply");
const reasons = {
  new: fixedName("new"),
  established: fixedName("established"),
  reply: fixedName("reply"),
};

/** What the packet itself says, or Hubble, which knows the connection. */
function written({ flags, protocol, detail }: EventColumns, row: number): number {
  const kind = detail[row] ?? 0;
  if (protocol[row] === protocols.frame) {
    return kind === arpOperations.request ? request : kind === arpOperations.reply ? reply : unknown;
  }
  if (protocol[row] === protocols.icmp || protocol[row] === protocols.icmpv6) {
    if (kind === echoRequest) return request;
    if (kind === echoReply) return reply;
  } else if (protocol[row] === protocols.tcp && kind & tcpFlagBits.SYN) {
    return kind & tcpFlagBits.ACK ? reply : request;
  }
  const bits = flags[row] ?? 0;
  if (!(bits & rowFlags.replyKnown)) return unknown;
  return bits & rowFlags.isReply ? reply : request;
}

/** By point: 1 where the reason `new` comes from a look-up in every version. */
const looksUp = new Uint8Array(256);
for (const { code, name } of observationPoints) if (!isNewMeaningless(name)) looksUp[code] = 1;

/** What connection tracking said of one packet: the direction, and how it is known, as `direction | known << 2`; 0 for nothing. */
function tracked({ reason, point }: EventColumns, row: number, newSaysIt: boolean): number {
  if (point[row] === dropPoint) return 0;
  switch (reason[row]) {
    case reasons.reply:
      return reply | (known << 2);
    case reasons.established:
      return request | (known << 2);
    case reasons.new:
      // An entry may also be new because the old one was lost.
      return newSaysIt || looksUp[point[row] ?? 0] ? request | (inferred << 2) : 0;
    default:
      return 0;
  }
}

/**
 * What each packet itself tells of its direction, alone. Known is what is written in it (echo type, SYN), what Hubble says, and what connection
 * tracking says (`reply`, `established`). Inferred is what follows from the reason `new`, where the version makes one only after a look-up (until
 * 1.11 it stood for "no look-up").
 *
 * @param newSaysIt whether the version has another reason for that; see `CaptureTraits`
 */
export function ownDirections(
  columns: EventColumns,
  packets: PacketRows,
  newSaysIt: boolean,
): Pick<JoinedColumns, "direction" | "directionKnown"> {
  const { count, rows, start } = packets;
  const direction = new Uint8Array(count);
  const directionKnown = new Uint8Array(count);
  for (let packet = 0; packet < count; packet++) {
    let said = unknown;
    let byTracking = 0;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0) && said === unknown; at++) {
      const row = rows[at] ?? 0;
      if (!tellsFlow(packets, row)) continue;
      said = written(columns, row);
      byTracking ||= tracked(columns, row, newSaysIt);
    }
    direction[packet] = said === unknown ? byTracking & 3 : said;
    directionKnown[packet] = said === unknown ? byTracking >> 2 : known;
  }
  return { direction, directionKnown };
}

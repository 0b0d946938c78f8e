import { observationPoints } from "../../cilium/observationPoints.js";
import { isNewMeaningless } from "../../cilium/traceReasons.js";
import { arpOperations, dropPoint, type EventColumns, rowFlags, tcpFlagBits } from "../columns/eventColumns.js";
import { fixedName } from "../columns/names.js";
import { protocols } from "../columns/protocolNumber.js";
import { sourceIsLower } from "./conversationKey.js";
import { directions, directionsKnown, type JoinedColumns, type PacketRows } from "./joinedColumns.js";
import { type PacketFlows, tellsFlow } from "./packetFlows.js";

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
  unknown: fixedName("unknown"),
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

/** Since 1.12 the reason is `unknown` where no look-up took place, and `new` means what it says. */
function saysUnknown({ length, reason, point }: EventColumns): boolean {
  for (let row = 0; row < length; row++) {
    if (reason[row] === reasons.unknown && point[row] !== dropPoint) return true;
  }
  return false;
}

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

/** Bits of what is known of a flow: which direction packets from the lower end (1, 2) and from the higher end (4, 8) have. */
function flowBit(columns: EventColumns, row: number, direction: number): number {
  return direction << (sourceIsLower(columns, row) ? 0 : 2);
}

/**
 * Tells requests from replies. Known is what the packet says itself (echo type, SYN), what Hubble says, and what connection tracking says
 * (`reply`, `established`). Inferred is what follows from the reason `new`, where the version makes one only after a look-up (until 1.11 it stood
 * for "no look-up"), and from other packets of the same flow, if they agree. Everything else is unknown; nothing is guessed.
 */
export function packetDirections(
  columns: EventColumns,
  packets: PacketRows,
  { flowOf, flowCount }: PacketFlows,
): Pick<JoinedColumns, "direction" | "directionKnown"> {
  const { count, rows, start } = packets;
  const direction = new Uint8Array(count);
  const directionKnown = new Uint8Array(count);
  const flows = new Uint8Array(flowCount + 1);
  const newSaysIt = saysUnknown(columns);
  const hasEnds = (row: number) => ((columns.flags[row] ?? 0) & (rowFlags.hasPorts | rowFlags.hasSeq)) !== 0;

  for (let packet = 0; packet < count; packet++) {
    const from = start[packet] ?? 0;
    const to = start[packet + 1] ?? 0;
    let said = unknown;
    let byTracking = 0;
    for (let at = from; at < to && said === unknown; at++) {
      const row = rows[at] ?? 0;
      if (!tellsFlow(packets, row)) continue;
      said = written(columns, row);
      byTracking ||= tracked(columns, row, newSaysIt);
    }
    direction[packet] = said === unknown ? byTracking & 3 : said;
    directionKnown[packet] = said === unknown ? byTracking >> 2 : known;
    if (direction[packet] === unknown) continue;
    for (let at = from; at < to; at++) {
      const row = rows[at] ?? 0;
      const flow = flowOf[row] ?? 0;
      if (flow !== 0 && hasEnds(row)) flows[flow] = (flows[flow] ?? 0) | flowBit(columns, row, direction[packet] ?? 0);
    }
  }

  for (let packet = 0; packet < count; packet++) {
    if (direction[packet] !== unknown) continue;
    let votes = 0;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      const flow = flowOf[row] ?? 0;
      if (flow === 0) continue;
      const bits = flows[flow] ?? 0;
      const fromLower = sourceIsLower(columns, row);
      const same = fromLower ? bits & 3 : bits >> 2;
      const opposite = fromLower ? bits >> 2 : bits & 3;
      votes |= same | ((opposite & request) << 1) | ((opposite & reply) >> 1);
    }
    if (votes !== request && votes !== reply) continue;
    direction[packet] = votes;
    directionKnown[packet] = inferred;
  }
  return { direction, directionKnown };
}

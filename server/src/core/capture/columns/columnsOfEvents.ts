import { findObservationPoint } from "../../cilium/observationPoints.js";
import type { MonitorEvent, PacketEvent, PacketHeaders } from "../../monitor/event.js";
import { type ColumnsBuilder, createColumnsBuilder } from "./columnsBuilder.js";
import {
  arpOperations,
  dropPoint,
  type EventColumns,
  type RareFields,
  rowFlags,
  tcpFlagBits,
  unknownPoint,
} from "./eventColumns.js";
import type { Names } from "./names.js";
import { protocolNumber, protocols } from "./protocolNumber.js";

/** Whether these are the headers of a frame that is known to be no IP packet: ARP, LLDP and the like. */
function isOtherFrame({ arp, ethernet }: PacketHeaders): boolean {
  return arp !== undefined || (ethernet?.type !== undefined && !/^IPv[46]$/.test(ethernet.type));
}

/** An event that columns have a row for: one that shows an IP packet, or a frame that is none. */
export function isPacketEvent(event: MonitorEvent): event is PacketEvent {
  if (event.type !== "trace" && event.type !== "drop") return false;
  return event.headers !== undefined && (event.headers.ip !== undefined || isOtherFrame(event.headers));
}

/** The code of each observation point that a capture names; asked for every event. */
function pointCodes(): (name: string) => number {
  const known = new Map<string, number>();
  return (name) => {
    let code = known.get(name);
    if (code === undefined) {
      code = findObservationPoint(name)?.code ?? unknownPoint;
      known.set(name, code);
    }
    return code;
  };
}

function flagBits(flags: readonly string[]): number {
  return flags.reduce((bits, flag) => bits | (tcpFlagBits[flag as keyof typeof tcpFlagBits] ?? 0), 0);
}

/** Writes the ends of a frame that is no IP packet; it sets no flag. */
function writeFrame({ columns }: ColumnsBuilder, row: number, { arp, ethernet }: PacketHeaders, names: Names): number {
  columns.protocol[row] = protocols.frame;
  columns.src[row] = arp ? names.internAddress(arp.sender) : names.intern(ethernet?.src ?? "");
  columns.dst[row] = arp ? names.internAddress(arp.target) : names.intern(ethernet?.dst ?? "");
  columns.detail[row] = arp ? arpOperations[arp.operation] : 0;
  return 0;
}

/** Writes the IP and transport headers, and answers the flags they set. */
function writeHeaders(builder: ColumnsBuilder, row: number, headers: PacketHeaders, names: Names): number {
  const { columns } = builder;
  const { ethernet, ip, l4, tunnel } = headers;
  if (ethernet?.src) columns.srcMac[row] = names.intern(ethernet.src);
  if (ethernet?.dst) columns.dstMac[row] = names.intern(ethernet.dst);
  if (!ip) return writeFrame(builder, row, headers, names);
  let flags = tunnel ? rowFlags.tunnel : 0;
  if (ip.src.family === 6) flags |= rowFlags.ipv6;
  if (ip.fragmentOffset) flags |= rowFlags.fragment;
  columns.src[row] = names.internAddress(ip.src);
  columns.dst[row] = names.internAddress(ip.dst);
  columns.ttl[row] = ip.ttl ?? 0;
  columns.ipId[row] = ip.id ?? 0;
  columns.protocol[row] = protocolNumber(l4?.protocol ?? ip.protocol);
  if (!l4) return flags;
  if ("sport" in l4) {
    flags |= rowFlags.hasPorts;
    columns.sport[row] = l4.sport;
    columns.dport[row] = l4.dport;
    if (l4.protocol !== "tcp") return flags;
    columns.detail[row] = flagBits(l4.flags);
    if (l4.seq === undefined) return flags;
    columns.seq[row] = l4.seq;
    columns.ack[row] = l4.ack ?? 0;
    return flags | rowFlags.hasSeq;
  }
  columns.detail[row] = names.intern(l4.typeCode);
  if (l4.id === undefined || l4.seq === undefined) return flags;
  columns.sport[row] = l4.id;
  columns.dport[row] = l4.id;
  columns.seq[row] = l4.seq;
  return flags | rowFlags.hasSeq;
}

function rareFields(event: PacketEvent, names: Names): RareFields | undefined {
  const { ipTraceId, headers } = event;
  const origIp = event.type === "trace" ? event.origIp : undefined;
  const fragmentOffset = headers?.ip?.fragmentOffset;
  if (!ipTraceId && !origIp && !fragmentOffset) return undefined;
  return {
    ...(ipTraceId && { ipTraceId }),
    ...(origIp && { origIp: names.internAddress(origIp) }),
    ...(fragmentOffset && { fragmentOffset }),
  };
}

/**
 * Adds a row to columns for each of the packet events among `events`, in their order, and the losses between.
 *
 * @param names takes up addresses and words
 */
export function addEvents(builder: ColumnsBuilder, events: readonly MonitorEvent[], names: Names): void {
  const { columns } = builder;
  const codeOf = pointCodes();
  for (const event of events) {
    if (event.type === "lost") {
      columns.losses.push({ row: columns.length, count: event.count, cpu: (event.cpu ?? -1) + 1 });
      continue;
    }
    if (!isPacketEvent(event) || !event.headers) continue;
    const row = builder.addRow();
    let flags = writeHeaders(builder, row, event.headers, names);
    columns.start[row] = event.place.start;
    columns.size[row] = event.place.end - event.place.start;
    columns.cpu[row] = (event.cpu ?? -1) + 1;
    columns.flowHash[row] = event.flowHash;
    columns.bytes[row] = event.bytes;
    columns.source[row] = event.source;
    columns.dstEndpoint[row] = event.dstEndpoint;
    columns.srcIdentity[row] = event.srcIdentity;
    columns.dstIdentity[row] = event.dstIdentity;
    if (event.type === "trace") {
      columns.point[row] = codeOf(event.observationPoint);
      columns.reason[row] = names.intern(event.state ?? "");
      columns.device[row] = names.intern(event.ifname ?? "");
      if (event.encrypted) flags |= rowFlags.encrypted;
    } else {
      columns.point[row] = dropPoint;
      columns.reason[row] = names.intern(event.reason);
    }
    const isReply = event.hubble?.isReply;
    if (isReply !== undefined) flags |= rowFlags.replyKnown | (isReply ? rowFlags.isReply : 0);
    const rare = rareFields(event, names);
    if (rare) {
      flags |= rowFlags.rare;
      columns.rare.set(row, rare);
    }
    columns.flags[row] = flags;
  }
}

/**
 * The packet events among `events` as columns; a row for each, in their order.
 *
 * @param events the events of one capture, in the order of the file
 * @param names takes up addresses and words
 */
export function columnsOfEvents(events: readonly MonitorEvent[], names: Names): EventColumns {
  const builder = createColumnsBuilder(events.length);
  addEvents(builder, events, names);
  return builder.finish();
}

import type { PacketEvent, PacketHeaders } from "../../monitor/event.js";
import { columnsOfEvents } from "../columns/columnsOfEvents.js";
import { createNames } from "../columns/names.js";
import type { Packet, PacketReference } from "../packet.js";
import { wordsForJoin } from "../wordsForJoin.js";
import { type EndLink, linkEnds } from "./linkEnds.js";

/** What is known of the capture that a packet is of. */
export interface PacketOrigin {
  /** Names it: one node's part of one file, as two captures of one node show the same packets twice. */
  readonly capture: string;
  /** Whether it shows every event: no aggregation, no losses. */
  readonly isWhole: boolean;
}

/** A frame has an Ethernet header at one device and none at another. */
const ethernetHeader = 14;

function sameFrameLength(a: PacketEvent, b: PacketEvent): boolean {
  const difference = Math.abs(a.bytes - b.bytes);
  return a.bytes === 0 || b.bytes === 0 || difference === 0 || difference === ethernetHeader;
}

/** Routers leave the flow label as it is (RFC 6437 section 2). */
function sameFlowLabel({ ip: a }: PacketHeaders, { ip: b }: PacketHeaders): boolean {
  return a?.flowLabel === undefined || b?.flowLabel === undefined || a.flowLabel === b.flowLabel;
}

/** The last or the first event of a packet. */
interface PacketEnd {
  /** Index of the packet. */
  readonly index: number;
  readonly isExit: boolean;
  readonly event: PacketEvent;
}

function endsOf({ events }: Packet, index: number): PacketEnd[] {
  const [first, last] = [events[0]?.event, events.at(-1)?.event];
  return first && last
    ? [
        { index, isExit: false, event: first },
        { index, isExit: true, event: last },
      ]
    : [];
}

const inOrder = "addresses, ports and length, in the order of both captures";

/**
 * Says of the packets of a case where each came from and where it went on: on another node whose capture is there, or on the same one where
 * a router sent it back. Packets that no link is found for are answered as they are. See `linkEnds` for what is asked of a link.
 *
 * @param packets of all captures of the case
 * @param originOf by default each file is a whole capture
 */
export function linkPackets(
  packets: readonly Packet[],
  originOf: (packet: Packet) => PacketOrigin = ({ file }) => ({ capture: file, isWhole: true }),
): Packet[] {
  const ends = packets.flatMap(endsOf);
  const names = createNames();
  const columns = columnsOfEvents(
    ends.map(({ event }) => event),
    names,
  );
  const origins = packets.map(originOf);
  const packetAt = (row: number): number => ends[row]?.index ?? 0;
  const links = linkEnds({
    columns,
    isExit: (row) => ends[row]?.isExit === true,
    captureOf: (row) => origins[packetAt(row)]?.capture ?? "",
    isWhole: (row) => origins[packetAt(row)]?.isWhole === true,
    lengthOf: (row) => ends[row]?.event.headers?.ip?.length ?? 0,
    mayBeOne(exit, entry) {
      const [a, b] = [ends[exit]?.event, ends[entry]?.event];
      return (
        a?.headers !== undefined &&
        b?.headers !== undefined &&
        sameFrameLength(a, b) &&
        sameFlowLabel(a.headers, b.headers)
      );
    },
  });
  const linked: Packet[] = [...packets];
  const add = (row: number, to: number, side: "continues" | "continuedBy", { strength, among }: EndLink) => {
    const index = packetAt(row);
    const [packet, other] = [linked[index], packets[packetAt(to)]];
    if (!packet || !other) return;
    const areWhole = origins[index]?.isWhole && origins[packetAt(to)]?.isWhole;
    const isSure = strength === "contents" || (strength === "sequence" && areWhole);
    const reference: PacketReference = {
      file: other.file,
      number: other.number,
      by: strength === "order" ? inOrder : wordsForJoin(columns, row, "first", names),
      ...(among === undefined ? {} : { among }),
      ...(isSure ? {} : { isUnsure: true }),
    };
    linked[index] = { ...packet, [side]: reference };
  };
  for (const link of links) {
    add(link.exit, link.entry, "continuedBy", link);
    add(link.entry, link.exit, "continues", link);
  }
  return linked;
}

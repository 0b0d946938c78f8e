import { columnsOfEvents } from "./columnsOfEvents.js";
import { linkEnds } from "./linkEnds.js";
import { createNames } from "./names.js";
import type { Packet, PacketReference } from "./packet.js";
import { wordsForJoin } from "./wordsForJoin.js";

/**
 * Says of the packets of a case where each came from and where it went on: on another node whose capture is there, or on the same one where
 * a router sent it back. Packets that no link is found for are answered as they are. See `linkEnds` for what is asked of a link.
 *
 * @param packets of all captures of the case; a capture stands for a node, as two of one node show the same packets twice
 */
export function linkPackets(packets: readonly Packet[]): Packet[] {
  const ends = packets.flatMap((packet, index) => {
    const [first, last] = [packet.events[0]?.event, packet.events.at(-1)?.event];
    return first && last
      ? [
          { index, isExit: false, event: first },
          { index, isExit: true, event: last },
        ]
      : [];
  });
  const names = createNames();
  const columns = columnsOfEvents(
    ends.map(({ event }) => event),
    names,
  );
  const links = linkEnds(
    columns,
    (row) => ends[row]?.isExit === true,
    (row) => packets[ends[row]?.index ?? 0]?.file ?? "",
  );
  const linked: Packet[] = [...packets];
  const add = (row: number, to: number, side: "continues" | "continuedBy") => {
    const index = ends[row]?.index ?? 0;
    const [packet, other] = [linked[index], packets[ends[to]?.index ?? 0]];
    if (!packet || !other) return;
    const reference: PacketReference = {
      file: other.file,
      number: other.number,
      by: wordsForJoin(columns, row, "first", names),
    };
    linked[index] = { ...packet, [side]: reference };
  };
  for (const { exit, entry } of links) {
    add(exit, entry, "continuedBy");
    add(entry, exit, "continues");
  }
  return linked;
}

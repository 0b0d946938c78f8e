import { datapathPlaces } from "../../path/datapathPlaces.js";
import type { Trace } from "../../path/trace.js";
import { brokenFirst, explainPacket, statusOf } from "./explainPacket.js";
import type { PacketStory } from "./walkStory.js";

export type PacketStatus = PacketStory["status"];

/** Which packets of a list are asked for. */
export interface PacketFilter {
  /** Words that must all occur in what is said of a packet or in a device or place of its walk, in any order and case. */
  readonly text: string;
  readonly status: PacketStatus | "all";
}

/** The packets of a case for someone to choose from, in one order: conversations together, those with a broken packet first. */
export interface PacketList {
  readonly counts: Readonly<Record<PacketStatus, number>>;
  /** The first `count` packets that pass a filter, and how many pass it. */
  select(filter: PacketFilter, count: number): { readonly traces: readonly Trace[]; readonly total: number };
}

/** Puts the packets of a conversation together, at the place of its first one. */
function groupConversations<T extends { readonly trace: Trace }>(packets: readonly T[]): T[] {
  const groups = new Map<string, T[]>();
  for (const packet of packets) {
    const { file, conversation } = packet.trace.packet;
    const key = `${conversation} ${file}`;
    const group = groups.get(key);
    if (group) group.push(packet);
    else groups.set(key, [packet]);
  }
  return [...groups.values()].flat();
}

function searchedText(trace: Trace): string {
  const { title, detail, outcome, file, direction, status } = explainPacket(trace);
  const places = trace.hops.map(({ place, device }) => `${datapathPlaces[place].title} ${device ?? ""}`);
  return [title, detail, outcome, file, direction, status, ...places].join(" ").toLowerCase();
}

/** The list of the walked packets of a case. Nothing is put into words before it is asked for. */
export function listPackets(traces: readonly Trace[]): PacketList {
  const ordered = groupConversations(brokenFirst(traces.map((trace) => ({ trace, status: statusOf(trace) }))));
  const counts = { broken: 0, ok: 0, unknown: 0 };
  for (const { status } of ordered) counts[status]++;
  const texts = new Map<Trace, string>();

  function textOf(trace: Trace): string {
    const known = texts.get(trace);
    if (known !== undefined) return known;
    const text = searchedText(trace);
    texts.set(trace, text);
    return text;
  }

  return {
    counts,
    select({ text, status }, count) {
      const terms = text.toLowerCase().split(/\s+/u).filter(Boolean);
      const passing = ordered.filter(
        (packet) =>
          (status === "all" || packet.status === status) && terms.every((term) => textOf(packet.trace).includes(term)),
      );
      return { traces: passing.slice(0, count).map(({ trace }) => trace), total: passing.length };
    },
  };
}

import type { EventColumns } from "../capture/columns/eventColumns.js";
import { directions } from "../capture/joining/joinedColumns.js";
import { mixHash } from "../capture/joining/rowTable.js";
import type { CaptureSegment, PacketTable } from "./captureSegment.js";
import type { ConversationTable } from "./conversationTable.js";
import { createKeyNumbers } from "./keyNumbers.js";

/** What the walks of packets are judged by that other packets of their conversations show. Places are those where events begin in the file. */
export interface ConversationFacts {
  /** Takes up the packets of a segment; segments come in their order. */
  add(segment: CaptureSegment): void;
  /** Who sent the requests that had an address as their source somewhere on their way; the address itself where none had. */
  originOf(conversation: number, address: number): number;
  /** Where the last packet of a conversation that has a direction begins; -1 if none has. */
  lastBegin(conversation: number, direction: number): number;
  /** Where the next packet of a conversation begins on a CPU behind a place; infinitely far away if none does. Asked for only where events were lost. */
  nextBegin(conversation: number, cpu: number, behind: number): number;
}

const request = directions.indexOf("request");

/** How many packets of a conversation, the first ones, tell where its replies go. */
const reach = 512;

/** @param hasLosses whether it is worth while to know where every packet begins */
export function conversationFacts(
  { count, conversation, conversationCount, direction }: PacketTable,
  conversations: ConversationTable,
  hasLosses: boolean,
): ConversationFacts {
  const seen = new Uint16Array(conversationCount + 1);
  const last = new Float64Array((conversationCount + 1) * directions.length).fill(-1);
  const keyNumbers = createKeyNumbers();
  // Mixed, as the table expects hashes: conversations are numbered one after the other. With the address beside it a key stays exact.
  const numberOf = (group: number, address: number): number => keyNumbers(mixHash(group, address), address);
  const origins: number[] = [];
  const begin = new Float64Array(hasLosses ? count : 0);
  const beginCpu = new Uint16Array(hasLosses ? count : 0);

  /** Remembers the source of a request by all sources that it had, unless an earlier one had them. */
  function addOrigin({ src }: EventColumns, { rows, start }: CaptureSegment, packet: number, group: number): void {
    const origin = src[rows[start[packet] ?? 0] ?? 0] ?? 0;
    let before = -1;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const address = src[rows[at] ?? 0] ?? 0;
      if (address === before) continue;
      before = address;
      if (numberOf(group, address) === origins.length) origins.push(origin);
    }
  }

  return {
    add(segment) {
      const { columns, rows, start, firstPacket } = segment;
      for (let own = 0; own < segment.count; own++) {
        const packet = firstPacket + own;
        const group = conversation[packet] ?? 0;
        const first = rows[start[own] ?? 0] ?? 0;
        const at = columns.start[first] ?? 0;
        const side = group * directions.length + (direction[packet] ?? 0);
        last[side] = Math.max(last[side] ?? -1, at);
        if (hasLosses) {
          begin[packet] = at;
          beginCpu[packet] = columns.cpu[first] ?? 0;
        }
        if ((seen[group] ?? 0) >= reach) continue;
        seen[group] = (seen[group] ?? 0) + 1;
        if (direction[packet] === request) addOrigin(columns, segment, own, group);
      }
    },
    originOf(group, address) {
      const number = numberOf(group, address);
      if (number === origins.length) origins.push(address);
      return origins[number] ?? address;
    },
    lastBegin: (group, side) => last[group * directions.length + side] ?? -1,
    nextBegin(group, cpu, behind) {
      let next = Number.POSITIVE_INFINITY;
      for (let index = conversations.start[group] ?? 0; index < (conversations.start[group + 1] ?? 0); index++) {
        const packet = conversations.packets[index] ?? 0;
        const at = begin[packet] ?? 0;
        if (at > behind && at < next && beginCpu[packet] === cpu) next = at;
      }
      return next;
    },
  };
}

import { sourceIsLower } from "../../capture/joining/conversationKey.js";
import { directions, type JoinedColumns } from "../../capture/joining/joinedColumns.js";
import { ownDirections } from "../../capture/joining/ownDirections.js";
import { directionByVotes, flowBits, votesOf } from "../../capture/joining/packetDirections.js";
import { tellsFlow } from "../../capture/joining/packetFlows.js";
import { sameTuple } from "../../capture/joining/tupleKey.js";
import type { CaptureSegment } from "../../scan/captureSegment.js";
import { createFlowTable } from "./flowTable.js";
import { growingArray } from "./growingArray.js";

type Conversations = Pick<JoinedColumns, "conversation" | "conversationCount" | "direction" | "directionKnown">;

/**
 * Finds the conversations and directions of the packets of a capture whose segments come one after the other, as `numberConversations` and
 * `packetDirections` do for one that is in memory. It keeps some bytes of a packet and of a flow, and no row.
 */
export interface ConversationBuilder {
  /** @param saysUnknown see `CaptureTraits` */
  add(segment: CaptureSegment, saysUnknown: boolean): void;
  finish(): Conversations;
}

const unknown = directions.indexOf("unknown");

export function conversationBuilder(): ConversationBuilder {
  const flows = createFlowTable();
  // By flow: an older one of its conversation, or itself; and what is known of its directions.
  const parent = growingArray((length) => new Uint32Array(length));
  const bits = growingArray((length) => new Uint8Array(length));
  // By packet.
  const flowOf = growingArray((length) => new Uint32Array(length));
  const direction = growingArray((length) => new Uint8Array(length));
  const directionKnown = growingArray((length) => new Uint8Array(length));
  // Of packets without a direction, each time they change their flow: the packet, and the flow twice, plus one from the lower end.
  const undecided = growingArray((length) => new Uint32Array(length));
  parent.push(0);
  bits.push(0);

  function root(flow: number): number {
    let at = flow;
    for (let up = parent.at(at); up !== at; up = parent.at(at)) {
      parent.set(at, parent.at(up));
      at = up;
    }
    return at;
  }

  function unite(a: number, b: number): void {
    const [one, other] = [root(a), root(b)];
    parent.set(Math.max(one, other), Math.min(one, other));
  }

  function addPacket(segment: CaptureSegment, packet: number): void {
    const { columns, rows, start } = segment;
    const number = flowOf.length;
    const own = direction.at(number);
    let first = 0;
    let before = -1;
    for (let at = start[packet] ?? 0; at < (start[packet + 1] ?? 0); at++) {
      const row = rows[at] ?? 0;
      if (!tellsFlow(segment, row) || (before >= 0 && sameTuple(columns, before, row))) continue;
      before = row;
      const flow = flows.numberOf(columns, row);
      if (flow === parent.length) {
        parent.push(flow);
        bits.push(0);
      }
      if (first === 0) first = flow;
      else if (flow !== first) unite(first, flow);
      if (own !== unknown) bits.set(flow, bits.at(flow) | flowBits(columns, row, own));
      else {
        undecided.push(number);
        undecided.push(flow * 2 + Number(sourceIsLower(columns, row)));
      }
    }
    flowOf.push(first);
  }

  function decide(): void {
    for (let at = 0; at < undecided.length; ) {
      const packet = undecided.at(at);
      let votes = 0;
      for (; at < undecided.length && undecided.at(at) === packet; at += 2) {
        const flow = undecided.at(at + 1);
        votes |= votesOf(bits.at(flow >>> 1), (flow & 1) === 1);
      }
      const found = directionByVotes(votes);
      if (!found) continue;
      direction.set(packet, found.direction);
      directionKnown.set(packet, found.known);
    }
  }

  return {
    add(segment, saysUnknown) {
      const own = ownDirections(segment.columns, segment, saysUnknown);
      for (let packet = 0; packet < segment.count; packet++) {
        direction.push(own.direction[packet] ?? unknown);
        directionKnown.push(own.directionKnown[packet] ?? 0);
      }
      for (let packet = 0; packet < segment.count; packet++) addPacket(segment, packet);
    },
    finish() {
      decide();
      const numbers = new Uint32Array(flows.count + 1);
      let conversationCount = 0;
      const conversation = flowOf.finish();
      conversation.forEach((flow, packet) => {
        const top = root(flow);
        if (numbers[top] === 0) numbers[top] = ++conversationCount;
        conversation[packet] = numbers[top] ?? 0;
      });
      return {
        conversation,
        conversationCount,
        direction: direction.finish(),
        directionKnown: directionKnown.finish(),
      };
    },
  };
}

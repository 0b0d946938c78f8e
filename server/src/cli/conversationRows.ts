import type { AnalysedPaths } from "./analysePaths.js";
import { type ConversationNumbers, conversationNumbers } from "./conversationNumbers.js";
import { type ConversationSum, conversationSums } from "./conversationSums.js";
import {
  type ListedPacket,
  listPackets,
  type PacketFilter,
  type PacketRow,
  packetRows,
  walkListed,
} from "./packetRows.js";

/** A conversation in the list of a case. */
export interface ConversationRow extends ConversationSum {
  /** Position among all conversations of the case, those with a broken packet first. */
  readonly number: number;
  readonly node: string;
  /** The worst packet, the first one of those; of those that are asked for where a filter asks. */
  readonly worst: PacketRow;
}

/** Conversations that are summed up together, in one go through their captures. */
const portion = 1000;

/** A packet of each conversation that is asked for: its worst one, unless a filter must be asked of the others. */
function* worstPackets(
  analysed: AnalysedPaths,
  numbers: ConversationNumbers,
  filter: PacketFilter,
): Generator<PacketRow> {
  const { broken, packet, src, dst, port, endpoint, verdict } = filter;
  const shown = new Uint8Array(numbers.count + 1);
  const isNew = (listed: ListedPacket): boolean => {
    const number = numbers.of(listed);
    const before = shown[number];
    shown[number] = 1;
    return before === 0;
  };
  if ([packet, src, dst, port, endpoint, verdict].some((asked) => asked !== undefined)) {
    for (const row of packetRows(analysed, filter)) if (isNew(row.listed)) yield row;
    return;
  }
  const heads = function* (): Generator<ListedPacket> {
    for (const each of listPackets(analysed)) if (isNew(each) && (!broken || each.status === "broken")) yield each;
  };
  yield* walkListed(analysed, heads());
}

/** The conversations with a packet that is asked for. Only one packet of each is walked. */
export function* conversationRows(analysed: AnalysedPaths, filter: PacketFilter): Generator<ConversationRow> {
  const numbers = conversationNumbers(analysed);
  let waiting: PacketRow[] = [];
  const flush = function* (): Generator<ConversationRow> {
    const listed = waiting.map((worst) => worst.listed);
    const sums = conversationSums(analysed, numbers, listed);
    for (const worst of waiting) {
      const number = numbers.of(worst.listed);
      const sum = sums.get(number);
      if (sum) yield { ...sum, number, node: worst.node, worst };
    }
    waiting = [];
  };
  for (const worst of worstPackets(analysed, numbers, filter)) {
    waiting.push(worst);
    if (waiting.length >= portion) yield* flush();
  }
  yield* flush();
}

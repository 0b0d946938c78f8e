import type { EventColumns } from "../../capture/columns/eventColumns.js";
import { type CaptureTraits, captureTraits } from "../../capture/joining/captureTraits.js";
import type { MayFollow } from "../../capture/joining/followTable.js";
import { joinRows } from "../../capture/joining/joinColumns.js";
import type { CaptureSegment, PacketTable } from "../../scan/captureSegment.js";
import { choosePackets, segmentOf } from "./chosenPackets.js";
import { conversationBuilder } from "./conversationBuilder.js";
import { rowWindow } from "./rowWindow.js";

/** Joins a capture whose rows come a portion after the other, and need not be in memory together. */
export interface SegmentJoiner {
  /** Adds the portion of rows that follows. */
  add(columns: EventColumns): void;
  /** No more rows follow. */
  end(): void;
  /** The next segment: the packets that begin in one portion. `undefined` until enough is known of what follows it, or when there is no more. */
  next(): CaptureSegment | undefined;
  /** What is known of all packets, when there is no further segment. */
  finish(): PacketTable;
  /** What is known of the capture by all its rows so far. */
  readonly traits: CaptureTraits;
  /** Whether as much was known of it when the first segment was made; if not, all is to be joined again. */
  readonly isConsistent: boolean;
}

/** Relations of packets by their names in `JoinedColumns`. */
const relations = ["carriedBy", "causedBy", "mayGoOnAs"] as const;

/** A relation to a packet that has no number yet. */
interface OpenRelation {
  readonly name: (typeof relations)[number];
  readonly packet: number;
  /** The number in the capture of a row of the other packet. */
  readonly row: number;
}

/**
 * Every portion is joined together with the rows around it, as far as `reach` goes, and keeps the packets that begin in it. Rows that a packet of an
 * earlier portion has are left to that.
 *
 * @param reach how many rows before and behind a portion are looked at, at least; `farApart` makes it the join of the whole
 * @param known what is known of the capture beforehand
 * @param capacity how many rows of it may be in memory at once, as far as that is known
 */
export function segmentJoiner(
  mayFollow: MayFollow,
  reach: number,
  known: CaptureTraits = { showsArrivals: false, saysUnknown: false },
  capacity?: number,
): SegmentJoiner {
  const window = rowWindow(capacity);
  /** By row of the window: the number of its packet plus one, 0 while it has none. */
  let packetOf = new Uint32Array(0);
  /** The number in the capture of the window's first row, and of the row behind its last one. */
  let begin = 0;
  let end = 0;
  /** Where the portions begin that are due, and where the last one ends. */
  const borders = [0];
  const conversations = conversationBuilder();
  const related = {
    carriedBy: new Map<number, number>(),
    causedBy: new Map<number, number>(),
    mayGoOnAs: new Map<number, number>(),
  };
  let open: OpenRelation[] = [];
  let traits = known;
  let used: CaptureTraits | undefined;
  let packets = 0;
  let isOver = false;

  function relate(relation: OpenRelation): void {
    const { name, packet, row } = relation;
    const other = packetOf[row - begin] ?? 0;
    if (other === 0) open.push(relation);
    else related[name].set(packet, other - 1);
  }

  /** The packets that begin between two rows of the window. */
  function makeSegment(from: number, to: number): CaptureSegment {
    used ??= traits;
    const { columns } = window;
    const joined = joinRows(columns, mayFollow, traits);
    const chosen = choosePackets(joined, packetOf, from, to);
    const segment = segmentOf(columns, joined, chosen, packets);
    const numbers = new Map<number, number>();
    const isRelated = relations.some((name) => joined[name].size > 0);
    for (let index = 0; index < segment.count; index++) {
      if (isRelated) numbers.set(chosen.packets[index] ?? 0, packets + index);
      for (let at = chosen.start[index] ?? 0; at < (chosen.start[index + 1] ?? 0); at++) {
        packetOf[chosen.rows[at] ?? 0] = packets + index + 1;
      }
    }
    packets += segment.count;
    const waiting = open;
    open = [];
    for (const relation of waiting) relate(relation);
    for (const name of relations) {
      for (const [one, other] of joined[name]) {
        const packet = numbers.get(one);
        const row = begin + (joined.rows[joined.start[other] ?? 0] ?? 0);
        if (packet !== undefined) relate({ name, packet, row });
      }
    }
    conversations.add(segment, traits.saysUnknown);
    return segment;
  }

  /** Lets go of the rows that no later portion needs. */
  function forget(): void {
    const count = Math.max(0, (borders[0] ?? 0) - reach - begin);
    window.drop(count);
    packetOf.copyWithin(0, count);
    packetOf.fill(0, end - begin - count);
    begin += count;
  }

  return {
    add(columns) {
      if (columns.length === 0) return;
      traits = captureTraits(columns, traits);
      window.add(columns);
      end += columns.length;
      borders.push(end);
      if (end - begin > packetOf.length) {
        const longer = new Uint32Array(end - begin);
        longer.set(packetOf);
        packetOf = longer;
      }
    },
    end() {
      isOver = true;
    },
    next() {
      const [from = 0, to] = borders;
      if (to === undefined || (!isOver && end - to < reach)) return undefined;
      const segment = makeSegment(from - begin, to - begin);
      borders.shift();
      forget();
      return segment;
    },
    finish: () => ({ count: packets, ...conversations.finish(), ...related }),
    get traits() {
      return traits;
    },
    get isConsistent() {
      return (
        used === undefined || (used.showsArrivals === traits.showsArrivals && used.saysUnknown === traits.saysUnknown)
      );
    },
  };
}

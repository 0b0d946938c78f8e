import type { EventColumns } from "../columns/eventColumns.js";
import { lostBetween } from "../lostBetween.js";
import { endsMayBelong } from "./contentKey.js";
import { farApart, keyChainer } from "./equalKeys.js";
import type { FollowTable } from "./followTable.js";
import { type EqualRowsJoin, joinEqualRows } from "./joinEqualRows.js";
import { chainRows, strengthIndex, type Walks } from "./walks.js";

/** Rows by trace id: Cilium writes it into an IP option, which travels with the packet. */
function rowsByTraceId({ rare }: EventColumns): Map<bigint, number[]> {
  const groups = new Map<bigint, number[]>();
  for (const [row, { ipTraceId }] of rare) {
    if (ipTraceId === undefined) continue;
    const group = groups.get(ipTraceId);
    if (group) group.push(row);
    else groups.set(ipTraceId, [row]);
  }
  return groups;
}

/**
 * Joins the rows that the packets themselves say belong together: by trace id, else by content key. Each group of rows with the same key is
 * one packet, or a few that look alike, and `joinEqualRows` tells which.
 */
export interface ContentsJoiner {
  /** Takes up the rows behind those that it knows, and joins the groups that no later row can be of. */
  add(columns: EventColumns, walks: Walks): void;
  /** Joins all groups. */
  finish(columns: EventColumns, walks: Walks): void;
}

export function contentsJoiner(follows: FollowTable): ContentsJoiner {
  const chain = keyChainer();
  /** The first row that is perhaps the head of a group that is to be joined, and the last row that is known of this group. */
  let head = 0;
  let tail = 0;

  /** Joins the groups whose last row stands before `end`, up to the first whose does not. */
  function joinBefore(columns: EventColumns, walks: Walks, end: number): void {
    const { length, ipId } = columns;
    const { next, marks } = walks;
    const byContents: EqualRowsJoin = {
      follows,
      walks,
      strength: strengthIndex("contents"),
      mayBelong: (a, b) => endsMayBelong(columns, a, b),
    };
    // A retransmission looks the same, so that a gap may hide the end of the one and the beginning of the other.
    const bySequence: EqualRowsJoin = {
      follows,
      walks,
      strength: strengthIndex("sequence"),
      mayBelong: (a, b) => endsMayBelong(columns, a, b) && !lostBetween(columns, a, b),
    };
    for (; head < length; head++) {
      if (marks[head] === 0) {
        tail = Math.max(tail, head);
        for (let row = next[tail] ?? -1; row >= 0; row = next[row] ?? -1) tail = row;
        if (tail >= end) return;
        if (tail > head) joinEqualRows(columns, ipId[head] === 0 ? bySequence : byContents, head);
      }
      tail = 0;
    }
  }

  return {
    add(columns, walks) {
      chain(columns, walks, columns.length);
      joinBefore(columns, walks, columns.length - farApart);
    },
    finish(columns, walks) {
      chain(columns, walks, columns.length);
      joinBefore(columns, walks, columns.length);
      const byTraceId: EqualRowsJoin = {
        follows,
        walks,
        strength: strengthIndex("trace-id"),
        mayBelong: () => true,
      };
      for (const rows of rowsByTraceId(columns).values()) {
        chainRows(walks, rows, 0);
        joinEqualRows(columns, byTraceId, rows[0] ?? 0);
      }
    },
  };
}

import type { EventColumns } from "../columns/eventColumns.js";
import { lostBetween } from "../lostBetween.js";
import { endsMayBelong } from "./contentKey.js";
import { chainEqualKeys } from "./equalKeys.js";
import type { FollowTable } from "./followTable.js";
import { joinEqualRows } from "./joinEqualRows.js";
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
 *
 * @returns by row: bits of `rowMarks`
 */
export function joinByContents(columns: EventColumns, follows: FollowTable, walks: Walks): Uint8Array {
  const { length, ipId } = columns;
  const { next } = walks;
  const byContents = {
    follows,
    walks,
    strength: strengthIndex("contents"),
    mayBelong: (a: number, b: number) => endsMayBelong(columns, a, b),
  };
  // A retransmission looks the same, so that a gap may hide the end of the one and the beginning of the other.
  const bySequence = {
    follows,
    walks,
    strength: strengthIndex("sequence"),
    mayBelong: (a: number, b: number) => endsMayBelong(columns, a, b) && !lostBetween(columns, a, b),
  };
  const marks = chainEqualKeys(columns, next);
  for (let head = 0; head < length; head++) {
    if (marks[head] !== 0 || (next[head] ?? -1) < 0) continue;
    joinEqualRows(columns, ipId[head] === 0 ? bySequence : byContents, head);
  }

  const byTraceId = { follows, walks, strength: strengthIndex("trace-id"), mayBelong: () => true };
  for (const rows of rowsByTraceId(columns).values()) {
    chainRows(walks, rows, 0);
    joinEqualRows(columns, byTraceId, rows[0] ?? 0);
  }
  return marks;
}

import type { EventColumns } from "../columns/eventColumns.js";
import { isOrigin } from "../columns/pointKinds.js";
import { type FollowTable, following, mayFollowBy } from "./followTable.js";
import { ttlMayFollow } from "./joinEqualRows.js";
import { sameAddressesAndKind } from "./tupleKey.js";
import { strengthIndex, type Walks } from "./walks.js";

/**
 * Takes a row that belongs to nothing into the packet around it: the rows right before and after it on its CPU are one packet's, it has the
 * addresses of one of them, and the datapath leads through it. Its content key may differ; nothing else can have happened there, as a CPU
 * finishes what it does with a packet, but the join says so.
 */
export function joinEnclosed(columns: EventColumns, follows: FollowTable, walks: Walks): void {
  const { length, cpu, point } = columns;
  const { next, strength } = walks;
  const enclosed = strengthIndex("enclosed");
  const last = new Int32Array(1 << 16).fill(-1);
  const lastButOne = new Int32Array(1 << 16).fill(-1);
  for (let after = 0; after < length; after++) {
    const onCpu = cpu[after] ?? 0;
    const row = last[onCpu] ?? -1;
    const before = lastButOne[onCpu] ?? -1;
    lastButOne[onCpu] = row;
    last[onCpu] = after;
    if (before < 0 || next[before] !== after || strength[row] !== 0 || next[row] !== -1) continue;
    const at = point[row] ?? 0;
    if (isOrigin(at)) continue;
    if (
      mayFollowBy(follows, following.next, point[before] ?? 0, at) &&
      mayFollowBy(follows, following.next, at, point[after] ?? 0) &&
      ttlMayFollow(columns, before, row) &&
      ttlMayFollow(columns, row, after) &&
      (sameAddressesAndKind(columns, before, row) || sameAddressesAndKind(columns, row, after))
    ) {
      next[before] = row;
      next[row] = after;
      strength[row] = enclosed;
    }
  }
}

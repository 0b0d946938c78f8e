import type { Address } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { addressKey } from "../addressKey.js";
import type { CompiledTable } from "../compiledTable.js";
import { leafPrefix, leavesUpTo, longestMatch } from "../prefixLeaves.js";
import { type AddressRange, type AddressSet, prefixRange, subtractAddresses } from "./addressRanges.js";

/**
 * The destinations within a prefix for which a table has the same longest prefix as for one of them, or none as for that: whatever else is
 * the same of two packets to them, the table answers both alike.
 */
export function sameAnswers({ index }: CompiledTable, dst: Address, within: Prefix): AddressSet {
  const leaf = longestMatch(index, addressKey(dst));
  const length = leaf < 0 ? -1 : (index.lengths[leaf] as number);
  const region = prefixRange(leaf >= 0 && length > within.length ? leafPrefix(index, leaf) : within);
  const { family } = dst;
  const before = region.first - 1n;
  const start = before < 0n ? 0 : leavesUpTo(index, addressKey({ family, value: before }));
  const end = leavesUpTo(index, addressKey({ family, value: region.last }));
  const inner: AddressRange[] = [];
  for (let at = start; at < end; at++) {
    const last = inner.at(-1);
    if ((index.lengths[at] as number) <= length) continue;
    const range = prefixRange(leafPrefix(index, at));
    if (!last || range.first > last.last) inner.push(range);
  }
  return subtractAddresses([region], inner);
}

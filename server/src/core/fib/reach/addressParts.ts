import type { Flow } from "../flow.js";
import { type AddressSet, intersectAddresses } from "./addressRanges.js";
import type { FlowPart } from "./flowParts.js";

/**
 * The parts of a set of addresses that other sets do not tell apart, an example of each.
 *
 * @param sets undefined for one that holds every address
 */
export function addressParts(
  within: AddressSet,
  sets: readonly (AddressSet | undefined)[],
  fieldsOf: (address: bigint) => Partial<Flow>,
): FlowPart[] {
  return cutAddresses(within, sets).map(({ address, boxes }) => ({ fields: fieldsOf(address), boxes }));
}

/** Cuts `within` where one of the sets begins or ends. Of the pieces that lie in the same sets, the first one counts. */
function cutAddresses(
  within: AddressSet,
  sets: readonly (AddressSet | undefined)[],
): { readonly address: bigint; readonly boxes: bigint }[] {
  let everywhere = 0n;
  const changes: { readonly at: bigint; readonly bit: bigint }[] = [];
  for (const [index, set] of sets.entries()) {
    const bit = 1n << BigInt(index);
    if (!set) {
      everywhere |= bit;
      continue;
    }
    for (const { first, last } of intersectAddresses(set, within)) {
      changes.push({ at: first, bit }, { at: last + 1n, bit });
    }
  }
  changes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const found = new Map<bigint, bigint>();
  let next = 0;
  let inside = 0n;
  for (const { first, last } of within) {
    let at = first;
    while (at <= last) {
      for (let change = changes[next]; change && change.at <= at; change = changes[++next]) inside ^= change.bit;
      const until = changes[next]?.at;
      const end = until === undefined || until > last ? last : until - 1n;
      const boxes = everywhere | inside;
      // Not the first address where there is another: in a subnet that one means the subnet itself.
      if (!found.has(boxes)) found.set(boxes, end > at ? at + 1n : at);
      at = end + 1n;
    }
  }
  return [...found].map(([boxes, address]) => ({ address, boxes }));
}

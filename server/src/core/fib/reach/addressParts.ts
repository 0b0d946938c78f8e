import type { Address } from "../../net/address.js";
import type { Flow } from "../flow.js";
import { type AddressSet, intersectAddresses } from "./addressRanges.js";
import type { FlowPart } from "./flowParts.js";

/**
 * The parts of a set of addresses that other sets do not tell apart, an example of each.
 *
 * @param sets undefined for one that holds every address
 * @param familiar addresses that make good examples
 */
export function addressParts(
  within: AddressSet,
  sets: readonly (AddressSet | undefined)[],
  familiar: readonly Address[],
  fieldsOf: (address: bigint) => Partial<Flow>,
): FlowPart[] {
  return cutAddresses(within, sets, familiar).map(({ address, boxes }) => ({ fields: fieldsOf(address), boxes }));
}

/** Cuts `within` where one of the sets begins or ends. Of the pieces that lie in the same sets, the first one with a familiar address counts, or else the first ordinary one. */
function cutAddresses(
  within: AddressSet,
  sets: readonly (AddressSet | undefined)[],
  familiar: readonly Address[],
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
  const found = new Map<bigint, Example>();
  let next = 0;
  let inside = 0n;
  for (const { first, last } of within) {
    let at = first;
    while (at <= last) {
      for (let change = changes[next]; change && change.at <= at; change = changes[++next]) inside ^= change.bit;
      const until = changes[next]?.at;
      const end = until === undefined || until > last ? last : until - 1n;
      const boxes = everywhere | inside;
      const known = found.get(boxes);
      if (known?.rank !== 2) {
        const example = exampleIn(at, end, familiar);
        if (!known || example.rank > known.rank) found.set(boxes, example);
      }
      at = end + 1n;
    }
  }
  return [...found].map(([boxes, { address }]) => ({ address, boxes }));
}

interface Example {
  readonly address: bigint;
  /** 2 for a familiar address, 1 for an ordinary one. */
  readonly rank: 0 | 1 | 2;
}

/** Hosts have no such addresses: 0.0.0.0/8 and `::/8`, loopback, and 224.0.0.0 and above or multicast (RFC 6890, RFC 4291). */
const oddOnes = {
  4: [
    { first: 0n, last: 0x00ffffffn },
    { first: 0x7f000000n, last: 0x7fffffffn },
    { first: 0xe0000000n, last: 0xffffffffn },
  ],
  6: [
    { first: 0n, last: (1n << 120n) - 1n },
    { first: 0xffn << 120n, last: (1n << 128n) - 1n },
  ],
};

function exampleIn(first: bigint, last: bigint, familiar: readonly Address[]): Example {
  const known = familiar.find(({ value }) => first <= value && value <= last);
  if (known) return { address: known.value, rank: 2 };
  const odd = oddOnes[familiar[0]?.family ?? 4].find((range) => range.first <= first && first <= range.last);
  if (odd && last <= odd.last) return { address: secondOf(first, last), rank: 0 };
  return { address: secondOf(odd ? odd.last + 1n : first, last), rank: 1 };
}

/** Not the first address where there is another: in a subnet that one means the subnet itself. */
function secondOf(first: bigint, last: bigint): bigint {
  return last > first ? first + 1n : first;
}

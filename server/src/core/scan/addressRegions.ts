import type { Names } from "../capture/columns/names.js";
import type { Family } from "../net/address.js";
import { firstAddress, hostPrefix, lastAddress, type Prefix } from "../net/prefix.js";
import type { NodeState } from "../state/nodeState.js";

/** Every prefix that a look-up on this node compares addresses with. */
function prefixesOf(state: NodeState, family: Family): Prefix[] {
  const { rules, tables } = state.families[family];
  const prefixes: Prefix[] = (rules ?? []).flatMap(({ from, to }) => [from ?? [], to ?? []].flat());
  for (const { routes } of tables.values()) for (const { dst } of routes) prefixes.push(dst);
  for (const { addresses } of state.links.values()) {
    for (const { address } of addresses) if (address.family === family) prefixes.push(hostPrefix(address));
  }
  return prefixes;
}

/** The first address of each region, ascending: every prefix begins one, and another begins behind it. */
function bordersOf(prefixes: readonly Prefix[]): bigint[] {
  const borders = new Set<bigint>([0n]);
  for (const prefix of prefixes) {
    borders.add(firstAddress(prefix).value);
    borders.add(lastAddress(prefix).value + 1n);
  }
  return [...borders].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function regionAt(borders: readonly bigint[], value: bigint): number {
  let low = 0;
  let high = borders.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((borders[middle] ?? 0n) <= value) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * The region that each address of a capture lies in. Two addresses of one region are in the same prefixes of the node's rules, routes and own
 * networks, so no look-up tells them apart.
 *
 * @returns the region by the index of the address in `names`; 0 for a name that is no address
 */
export function addressRegions(state: NodeState, names: Names): Uint32Array {
  const borders = { 4: bordersOf(prefixesOf(state, 4)), 6: bordersOf(prefixesOf(state, 6)) };
  const regions = new Uint32Array(names.size);
  for (let index = 0; index < names.size; index++) {
    const address = names.address(index);
    if (!address) continue;
    regions[index] = 1 + regionAt(borders[address.family], address.value) * 2 + (address.family === 6 ? 1 : 0);
  }
  return regions;
}

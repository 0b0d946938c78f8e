import { isPodDevice } from "../cilium/devices.js";
import { type Address, familyBits, formatAddress } from "../net/address.js";
import type { FamilyState, NodeState } from "../state/nodeState.js";

const known = new WeakMap<FamilyState, ReadonlyMap<string, string>>();

/** The host's end of a local pod's device pair, by which the pod's packets come in; undefined where no route to the address tells. */
export function podDevice(state: NodeState, address: Address): string | undefined {
  const family = state.families[address.family];
  const devices = known.get(family) ?? podDevices(family);
  known.set(family, devices);
  return devices.get(formatAddress(address));
}

function podDevices({ tables }: FamilyState): Map<string, string> {
  const devices = new Map<string, string>();
  for (const { routes } of tables.values()) {
    for (const { type, dst, nexthops } of routes) {
      const [{ dev } = { dev: undefined }] = nexthops;
      if (type !== "unicast" || dst.length !== familyBits(dst.family) || dev === undefined) continue;
      if (isPodDevice(dev)) devices.set(formatAddress(dst), dev);
    }
  }
  return devices;
}

import { isPodDevice } from "../cilium/devices.js";
import type { Route } from "../iproute/route.js";
import { type Address, familyBits } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import { changedRoutes } from "./changedRoutes.js";
import { perFamily } from "./perFamily.js";

/** The host's end of a local pod's device pair, by which the pod's packets come in; undefined where no route to the address tells. */
export function podDevice(state: NodeState, { family, value }: Address): string | undefined {
  const device = hostDevices(state, family).get(value);
  return device !== undefined && isPodDevice(device) ? device : undefined;
}

/** The device that leads to each host that a route is there for; of several a pod's. */
const hostDevices = perFamily<ReadonlyMap<bigint, string>>(
  (state, family) => {
    const devices = new Map<bigint, string>();
    for (const { routes } of state.families[family].tables.values()) {
      for (const route of routes) {
        const device = hostDevice(route);
        if (device === undefined) continue;
        const known = devices.get(route.dst.value);
        if (known === undefined || !isPodDevice(known)) devices.set(route.dst.value, device);
      }
    }
    return devices;
  },
  (before, change, state, family) =>
    changedRoutes(change, state, family).some((route) => hostDevice(route) !== undefined) ? undefined : before,
);

function hostDevice({ type, dst, nexthops }: Route): string | undefined {
  return type === "unicast" && dst.length === familyBits(dst.family) ? nexthops[0]?.dev : undefined;
}

import { isPodDevice } from "../../cilium/devices.js";
import type { Route } from "../../iproute/route.js";
import { type Family, formatAddress } from "../../net/address.js";
import { type NodeState, reservedTables } from "../../state/nodeState.js";
import { ofEachRoute } from "../ofEachItem.js";
import { isHost } from "./podRules.js";

/** A route to one pod, by the host's end of its device pair. */
export function isPodRoute({ type, dst, nexthops, table }: Route): boolean {
  const [hop] = nexthops;
  return (
    type === "unicast" &&
    table.id !== reservedTables.local &&
    isHost(dst) &&
    nexthops.length === 1 &&
    hop?.dev !== undefined &&
    isPodDevice(hop.dev)
  );
}

/** The notation of the pod's address, where a route leads to a pod. */
export const podOfRoute = ofEachRoute((route) => (isPodRoute(route) ? formatAddress(route.dst) : undefined));

/** The node's own addresses, each with the local route that shows it. */
export function ownAddresses(state: NodeState, family: Family): ReadonlyMap<string, Route> {
  const local = state.families[family].tables.get(reservedTables.local);
  const routes = (local?.routes ?? []).filter(({ type, dst }) => type === "local" && isHost(dst));
  return new Map(routes.map((route) => [formatAddress(route.dst), route]));
}

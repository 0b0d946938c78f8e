import { isCniDevice } from "../../cilium/devices.js";
import type { Route } from "../../iproute/route.js";
import { familyBits } from "../../net/address.js";
import { containsPrefix, networkOf, type Prefix } from "../../net/prefix.js";
import type { FamilyState } from "../../state/nodeState.js";

/**
 * Whether a route leads to the pods of another node by that node itself, as Cilium makes them without a tunnel (auto-direct-node-routes).
 *
 * The evidence: it has a gateway, and yet `proto kernel`, which Cilium writes on its routes (pkg/datapath/linux/node.go,
 * createDirectRouteSpec(); linux_defaults.RTProto) and the kernel never on one by a gateway; and a device of the CNI leads
 * to a range of the same length that shares at least half of its bits, for nodes get equal parts of the cluster's range. A default route
 * by a gateway that bears `proto kernel` (WSL, Proxmox) has no such length. Without all of it nothing is said: an administrator's route to
 * a neighbouring network may look alike but for the protocol, and older versions wrote none.
 */
export function leadsToPeerPods({ dst, protocol, nexthops: [hop] }: Route, family: FamilyState): boolean {
  if (protocol !== "kernel" || hop?.via === undefined || isCniDevice(hop.dev ?? "")) return false;
  const cluster = networkOf({ ...dst, length: Math.floor(dst.length / 2) });
  return podRanges(family).some((range) => range.length === dst.length && containsPrefix(cluster, range));
}

const known = new WeakMap<FamilyState, readonly Prefix[]>();

/** The ranges of pods that a device of the CNI leads to. Found once for each state. */
function podRanges(family: FamilyState): readonly Prefix[] {
  const ranges = known.get(family) ?? [...family.tables.values()].flatMap(({ routes }) => routes.flatMap(podRange));
  known.set(family, ranges);
  return ranges;
}

/** The range of pods that a route leads to by a device of the CNI, as a list of one, or of none. */
export function podRange({ dst, nexthops: [hop] }: Route): Prefix[] {
  const isRange = dst.length > 0 && dst.length < familyBits(dst.family);
  return isRange && isCniDevice(hop?.dev ?? "") ? [dst] : [];
}

import type { CaseNode } from "../../case/case.js";
import { describeDevice } from "../../cilium/devices.js";
import type { Route } from "../../iproute/route.js";
import { type Family, familyBits } from "../../net/address.js";
import { addressKind } from "../../net/addressKind.js";
import { containsPrefix, type Prefix, parsePrefix } from "../../net/prefix.js";
import { victimKind } from "../shadowing/victimKind.js";
import { ownAddresses } from "./podEvidence.js";

/** A node as its neighbours on a network see it, in one family. */
export interface HostOnNetwork {
  readonly node: CaseNode;
  readonly family: Family;
  /** Its addresses on devices that are neither pods', bridges' nor tunnels', each with what shows it. */
  readonly addresses: ReadonlyMap<string, Route>;
  /** The networks that these devices are connected to. */
  readonly subnets: readonly Prefix[];
  /** The prefixes that its own pods have their addresses from, each with what shows it. */
  readonly podPrefixes: readonly Route[];
}

/** Devices that carry the addresses of services on every node: kube-proxy in IPVS mode, NodeLocal DNSCache, VRRP, dummies. */
const serviceDevices = /^(?:kube-ipvs\d+|nodelocaldns|dummy\d*|vrrp\.\d+|lo)$/;

/** The network that VirtualBox gives every machine for its way out: all of them have 10.0.2.15 there. */
const natNetwork = parsePrefix("10.0.2.0/24");

function isNative(name: string | undefined): boolean {
  return name !== undefined && describeDevice(name) === undefined && !serviceDevices.test(name);
}

function isNativeRoute(route: Route): boolean {
  const { dst, nexthops } = route;
  const [hop] = nexthops;
  if (!isNative(hop?.dev) || (natNetwork && containsPrefix(natNetwork, dst))) return false;
  return victimKind(route) === "subnet" && addressKind(dst) !== "link-local";
}

/**
 * A prefix that the CNI gave this very node: the route that a device of Cilium has to the prefix its own address lies in, flannel's
 * bridge, or the block that Calico keeps from leaving.
 */
function isPodPrefix(route: Route, hasFlannel: boolean): boolean {
  const { type, dst, src, nexthops, protocol } = route;
  if (dst.length === 0 || dst.length === familyBits(dst.family)) return false;
  const device = nexthops[0]?.dev ?? "";
  if (type === "blackhole") return protocol === "bird";
  if (type !== "unicast") return false;
  if (device === "cilium_host") return src !== undefined && containsPrefix(dst, src);
  return device === "cni0" && hasFlannel && protocol === "kernel";
}

/** What a node's dumps show of it as a host of a network. */
export function hostOnNetwork(node: CaseNode, family: Family): HostOnNetwork {
  const routes = [...node.state.families[family].tables.values()].flatMap((table) => table.routes);
  const hasFlannel = routes.some(({ nexthops }) =>
    nexthops.some(({ dev }) => describeDevice(dev ?? "")?.owner === "flannel"),
  );
  return {
    node,
    family,
    addresses: new Map([...ownAddresses(node.state, family)].filter(([, route]) => isNativeRoute(route))),
    subnets: routes.flatMap((route) => {
      const { type, dst, protocol } = route;
      const isSubnet = type === "unicast" && protocol === "kernel" && dst.length > 0 && dst.length < familyBits(family);
      return isSubnet && isNativeRoute(route) ? [dst] : [];
    }),
    podPrefixes: routes.filter((route) => isPodPrefix(route, hasFlannel)),
  };
}

/** Whether two nodes are different hosts of one network: no address in common, and one's network holds an address of the other. */
export function areNeighbours(a: HostOnNetwork, b: HostOnNetwork): boolean {
  if ([...a.addresses.keys()].some((address) => b.addresses.has(address))) return false;
  const reaches = ({ subnets }: HostOnNetwork, { addresses }: HostOnNetwork): boolean =>
    subnets.some((subnet) => [...addresses.values()].some(({ dst }) => containsPrefix(subnet, dst)));
  return reaches(a, b) || reaches(b, a);
}

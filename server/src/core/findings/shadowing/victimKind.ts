import { describeDevice, isCniDevice } from "../../cilium/devices.js";
import type { Nexthop, Route } from "../../iproute/route.js";
import type { FamilyState } from "../../state/nodeState.js";
import type { Victim, VictimKind } from "../finding.js";
import { leadsToPeerPods } from "../pods/peerPods.js";

/** How much the loss of a route weighs, by where it leads. Heaviest first. */
export const victimKinds: readonly VictimKind[] = ["pods", "lan", "tunnel", "subnet", "bridge", "other"];

/** Names that VPNs and the kernel's tunnels use for their devices. */
const tunnelNames = /^(?:wg|tun|tap|ipsec|vti|gre|ppp|utun|zt|nb-)/;

const bridgeNames = /^(?:docker|virbr|lxdbr|br-|podman)/;

/** Whether a device leads into a tunnel, as far as its name tells. */
export function isTunnelDevice(name: string): boolean {
  const kind = describeDevice(name)?.kind;
  return kind === "tunnel" || kind === "encryption" || tunnelNames.test(name);
}

const kinds = new WeakMap<Route["nexthops"], VictimKind>();

/** What kind of destination a route leads to, as far as its first nexthop tells. Found out once: several searches ask of every route. */
export function victimKind({ nexthops }: Route): VictimKind {
  let kind = kinds.get(nexthops);
  if (!kind) {
    kind = kindOfNexthop(nexthops[0]);
    kinds.set(nexthops, kind);
  }
  return kind;
}

function kindOfNexthop(first: Nexthop | undefined): VictimKind {
  const device = first?.dev ?? "";
  if (isCniDevice(device)) return "pods";
  if (describeDevice(device)?.kind === "bridge" || bridgeNames.test(device)) return "bridge";
  if (isTunnelDevice(device)) return "tunnel";
  return first?.via === undefined ? "subnet" : "other";
}

/** The same with what the node's other routes tell. */
function kindAmong(route: Route, family: FamilyState): VictimKind {
  const kind = victimKind(route);
  return kind === "other" && leadsToPeerPods(route, family) ? "pods" : kind;
}

/** The kind of a route whose loss is a fault in all likelihood; undefined for the others. */
export function graveKind(route: Route, family: FamilyState): VictimKind | undefined {
  const kind = kindAmong(route, family);
  if (kind === "subnet") return route.protocol === "kernel" || route.scope === "link" ? "lan" : undefined;
  return graveKinds.has(kind) ? kind : undefined;
}

/** The kind of a route whose loss is often meant: source routing for a second NIC does that on purpose. */
export function lesserKind(route: Route, family: FamilyState): VictimKind | undefined {
  const kind = kindAmong(route, family);
  return graveKinds.has(kind) ? undefined : kind;
}

const graveKinds: ReadonlySet<VictimKind> = new Set(["pods", "lan", "tunnel"]);

/** Whether a victim is grave enough to be the reason for a finding and the object of a fix. */
export function isGrave({ kind }: Pick<Victim, "kind">): boolean {
  return graveKinds.has(kind);
}

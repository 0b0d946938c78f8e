import type { CaseNode } from "../../case/case.js";
import { isPodDevice } from "../../cilium/devices.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { EndpointSection } from "../../iproute/section.js";
import { type Address, type Family, familyBits, formatAddress } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { type NodeState, reservedTables } from "../../state/nodeState.js";

/** A row of a list of endpoints or pods. */
export type ListedPod = EndpointSection["endpoints"][number];

/** What the dumps hold for one pod's address. */
export interface PodTraces {
  readonly address: Address;
  /** `to POD lookup main` and the like, of a CNI. */
  readonly to: readonly Rule[];
  /** `from POD lookup N`, of a CNI. */
  readonly from: readonly Rule[];
  /** `POD dev lxc...`. */
  readonly routes: readonly Route[];
}

/** The pods that lists show to be on this node. */
export interface PodLists {
  readonly here: ReadonlyMap<string, ListedPod>;
  /** Whose list is whole: all endpoints of the agent, or all pods of the cluster with this node's name known. */
  readonly wholeCilium: boolean;
  readonly wholeKubectl: boolean;
}

function isHost(prefix: Prefix | undefined): prefix is Prefix {
  return prefix !== undefined && prefix.length === familyBits(prefix.family);
}

/** The CNI that makes a rule for each pod; undefined for rules of other shapes. */
export function podRuleOwner(rule: Rule): "Cilium" | "AWS VPC CNI" | undefined {
  if (rule.not || rule.incomplete || rule.action.type !== "lookup") return undefined;
  if (!isHost(rule.to) && !isHost(rule.from)) return undefined;
  const owner = ruleOwner(rule)?.owner;
  return owner === "Cilium" || owner === "AWS VPC CNI" ? owner : undefined;
}

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

/** The node's own addresses, each with the local route that shows it. */
export function ownAddresses(state: NodeState, family: Family): ReadonlyMap<string, Route> {
  const local = state.families[family].tables.get(reservedTables.local);
  const routes = (local?.routes ?? []).filter(({ type, dst }) => type === "local" && isHost(dst));
  return new Map(routes.map((route) => [formatAddress(route.dst), route]));
}

const traced = new WeakMap<NodeState, Map<Family, ReadonlyMap<string, PodTraces>>>();

/** What the rules and routes of one family hold for each pod, by address. The node's own addresses are none. Found once for a state. */
export function podTraces({ state }: CaseNode, family: Family): ReadonlyMap<string, PodTraces> {
  const known = traced.get(state) ?? new Map<Family, ReadonlyMap<string, PodTraces>>();
  traced.set(state, known);
  const found = known.get(family) ?? tracePods(state, family);
  known.set(family, found);
  return found;
}

function tracePods(state: NodeState, family: Family): Map<string, PodTraces> {
  const { rules = [], tables } = state.families[family];
  const own = ownAddresses(state, family);
  const pods = new Map<string, { address: Address; to: Rule[]; from: Rule[]; routes: Route[] }>();
  const pod = (address: Address) => {
    const key = formatAddress(address);
    const known = pods.get(key) ?? { address, to: [], from: [], routes: [] };
    if (!own.has(key)) pods.set(key, known);
    return known;
  };
  for (const rule of rules) {
    if (podRuleOwner(rule) === undefined) continue;
    if (isHost(rule.from)) pod(rule.from).from.push(rule);
    else if (isHost(rule.to)) pod(rule.to).to.push(rule);
  }
  for (const { routes } of tables.values()) {
    for (const route of routes) if (isPodRoute(route)) pod(route.dst).routes.push(route);
  }
  return pods;
}

/** What lists of endpoints and pods say of this node. */
export function podLists({ files, state }: CaseNode): PodLists {
  const sections = files
    .flatMap(({ transcript }) => transcript.sections)
    .filter((section) => section.kind === "endpoints");
  const own = new Set([4, 6].flatMap((family) => [...ownAddresses(state, family as Family).keys()]));
  const ofCluster = sections.filter(({ printer }) => printer === "kubectl");
  // A pod with the node's own address uses the node's network, and so tells the node's name.
  const names = new Set(
    ofCluster.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ address, node }) => (node !== undefined && own.has(formatAddress(address)) ? [node] : [])),
    ),
  );
  const rows = sections.flatMap(({ printer, endpoints }) =>
    endpoints.filter(({ node, isHost: host }) =>
      printer === "cilium" ? !host : node !== undefined && names.has(node),
    ),
  );
  return {
    here: new Map(rows.map((row) => [formatAddress(row.address), row])),
    wholeCilium: sections.some(({ printer, cut }) => printer === "cilium" && !cut),
    wholeKubectl: names.size === 1 && ofCluster.some(({ cut }) => !cut),
  };
}

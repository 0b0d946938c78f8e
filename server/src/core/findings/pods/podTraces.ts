import type { CaseNode } from "../../case/case.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Address, Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { ownAddresses, podOfRoute } from "./podEvidence.js";
import { type PodRuleOwner, podRules } from "./podRules.js";

/** What the dumps hold for one pod's address. */
export interface PodTraces {
  readonly address: Address;
  /** `to POD lookup main` and the like, of a CNI. */
  readonly to: readonly Rule[];
  /** `from POD lookup N`, of a CNI. */
  readonly from: readonly Rule[];
  /** The first route `POD dev lxc...`. */
  readonly route: Route | undefined;
  /** Who made the rules, each once. */
  readonly owners: readonly PodRuleOwner[];
  readonly features: Features;
}

/**
 * The rules of a pod that every pod of its CNI gets, in words that do not name the pod: a list by its last item and what stands before. The
 * same list is the same value, for there are few of them and thousands of pods.
 */
export interface Features {
  readonly last?: string;
  readonly before?: Features;
  readonly longer: Map<string, Features>;
}

const traced = new WeakMap<NodeState, Map<Family, ReadonlyMap<string, PodTraces>>>();

/** The pods that have rules of a CNI, by address. The node's own addresses are none. Found once for a state. */
export function podTraces({ state }: CaseNode, family: Family): ReadonlyMap<string, PodTraces> {
  const known = traced.get(state) ?? new Map<Family, ReadonlyMap<string, PodTraces>>();
  traced.set(state, known);
  const found = known.get(family) ?? tracePods(state, family);
  known.set(family, found);
  return found;
}

/** The pods that nothing but a route tells of. */
export function podsWithoutRules(node: CaseNode, family: Family): PodTraces[] {
  const { state } = node;
  const withRules = podTraces(node, family);
  const own = ownAddresses(state, family);
  const pods = new Map<string, PodTraces>();
  for (const { id, routes } of state.families[family].tables.values()) {
    podOfRoute(state, family, id).forEach((pod, at) => {
      const route = pod === undefined ? undefined : routes[at];
      if (pod === undefined || !route || withRules.has(pod) || own.has(pod) || pods.has(pod)) return;
      pods.set(pod, { address: route.dst, to: [], from: [], route, owners: [], features: { longer: new Map() } });
    });
  }
  return [...pods.values()];
}

interface Traces extends PodTraces {
  readonly to: Rule[];
  readonly from: Rule[];
  route: Route | undefined;
  owners: readonly PodRuleOwner[];
  features: Features;
}

const owners: Readonly<Record<PodRuleOwner, readonly PodRuleOwner[]>> = {
  Cilium: ["Cilium"],
  "AWS VPC CNI": ["AWS VPC CNI"],
};

function tracePods(state: NodeState, family: Family): Map<string, PodTraces> {
  const { rules = [], tables } = state.families[family];
  const pods = new Map<string, Traces>();
  const nothing: Features = { longer: new Map() };
  podRules(state, family).forEach((of, at) => {
    const rule = of && rules[at];
    if (!rule) return;
    const { pod, address, owner, side, feature } = of;
    let traces = pods.get(pod);
    if (!traces) {
      traces = { address, to: [], from: [], route: undefined, owners: owners[owner], features: nothing };
      pods.set(pod, traces);
    }
    traces[side].push(rule);
    if (!traces.owners.includes(owner)) traces.owners = [...traces.owners, owner];
    if (feature !== undefined) traces.features = withFeature(traces.features, feature);
  });
  if (pods.size === 0) return pods;
  for (const { id, routes } of tables.values()) {
    podOfRoute(state, family, id).forEach((pod, at) => {
      const traces = pod === undefined ? undefined : pods.get(pod);
      if (traces) traces.route ??= routes[at];
    });
  }
  for (const own of ownAddresses(state, family).keys()) pods.delete(own);
  return pods;
}

function withFeature(features: Features, last: string): Features {
  const known = features.longer.get(last) ?? { last, before: features, longer: new Map() };
  features.longer.set(last, known);
  return known;
}

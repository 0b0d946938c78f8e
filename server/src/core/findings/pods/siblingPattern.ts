import type { CaseNode } from "../../case/case.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { type NodeState, reservedTables } from "../../state/nodeState.js";
import { groupBy } from "../groupBy.js";
import { podRule } from "./podRules.js";
import { type PodTraces, podsWithoutRules, podTraces } from "./podTraces.js";

/** What most pods of a node have in common, and who lacks some of it. */
export interface SiblingPattern {
  /** A pod that has all of it, to take examples from. */
  readonly model: PodTraces;
  /** How many pods have all of it. */
  readonly count: number;
  /** Pods with a route and not all of the rules. */
  readonly withoutRules: readonly PodTraces[];
  /** Pods with all of the rules and no route. */
  readonly withoutRoute: readonly PodTraces[];
}

/** Fewer pods than this are no pattern. */
const fewestSiblings = 3;

const known = new WeakMap<NodeState, Map<Family, SiblingPattern | undefined>>();

/**
 * Learns what the pods of one family have in common. Undefined where there is no pattern: too few pods, or pods of more than one kind.
 * Learned once for a state.
 */
export function siblingPattern(node: CaseNode, family: Family): SiblingPattern | undefined {
  const ofState = known.get(node.state) ?? new Map<Family, SiblingPattern | undefined>();
  known.set(node.state, ofState);
  if (!ofState.has(family)) ofState.set(family, learnPattern(node, family));
  return ofState.get(family);
}

function learnPattern(node: CaseNode, family: Family): SiblingPattern | undefined {
  const { rulesComplete, tables } = node.state.families[family];
  const main = tables.get(reservedTables.main);
  if (!rulesComplete || main?.origin !== "dumped") return undefined;
  const withRules = kindsOf([...podTraces(node, family).values()]);
  // Where no kind of pods has a route and rules in common, pods with a route alone make no pattern either.
  if (!withRules.some(({ pods, features }) => pods.length >= fewestSiblings && features.size > 1)) return undefined;
  const [largest, ...others] = kindsOf([...withRules.flatMap(({ pods }) => pods), ...podsWithoutRules(node, family)]);
  const [model] = largest?.pods ?? [];
  if (!largest || !model || largest.pods.length < fewestSiblings) return undefined;
  const wanted = largest.features;
  if (!wanted.has(routed) || wanted.size < 2) return undefined;
  // Something that the others don't have makes it another kind of pod.
  if (others.some(({ features }) => [...features].some((feature) => !wanted.has(feature)))) return undefined;
  const withRoute = others.filter(({ features }) => features.has(routed));
  const withoutRoute = others.filter(({ features }) => !features.has(routed) && features.size === wanted.size - 1);
  if (withRoute.length > 1 || withRoute.length + withoutRoute.length < others.length) return undefined;
  const deviants = others.reduce((sum, { pods }) => sum + pods.length, 0);
  if (deviants >= largest.pods.length) return undefined;
  return {
    model,
    count: largest.pods.length,
    withoutRules: withRoute.flatMap(({ pods }) => pods),
    withoutRoute: notBehindAll(
      withoutRoute.flatMap(({ pods }) => pods),
      main.routes,
    ),
  };
}

const routed = "route";

/** Pods with the same features. */
interface PodKind {
  readonly features: ReadonlySet<string>;
  readonly pods: PodTraces[];
}

/** The pods by their features, those of the most pods first. */
function kindsOf(pods: readonly PodTraces[]): PodKind[] {
  const byList = [true, false].flatMap((hasRoute) => [
    ...groupBy(
      pods.filter(({ route }) => (route !== undefined) === hasRoute),
      ({ features }) => features,
    ).values(),
  ]);
  // A few lists, which may hold the same in another order.
  const byFeatures = groupBy(byList, ([first]) => [...(first ? featuresOf(first) : [])].sort().join(" | "));
  return [...byFeatures.values()]
    .map((groups): PodKind => ({ features: featuresOf(groups[0]?.[0]), pods: groups.flat() }))
    .sort((a, b) => b.pods.length - a.pods.length);
}

/** Routes are listed by address: that of a pod behind the last one may have been cut off with the end of the list. */
function notBehindAll(pods: readonly PodTraces[], routes: readonly Route[]): PodTraces[] {
  if (pods.length === 0) return [];
  let last = 0n;
  for (const { dst } of routes) if (dst.value > last) last = dst.value;
  return pods.filter(({ address }) => address.value < last);
}

/** A pod's rules and route, in words that do not name the pod. */
function featuresOf(pod: PodTraces | undefined): ReadonlySet<string> {
  const features = new Set<string>(pod?.route ? [routed] : []);
  for (let list = pod?.features; list; list = list.before) if (list.last !== undefined) features.add(list.last);
  return features;
}

/** The model's rules that a pod has no counterpart of. */
export function lackedRules(pod: PodTraces, { model }: SiblingPattern): Rule[] {
  const has = featuresOf(pod);
  return [...model.to, ...model.from].filter((rule) => {
    const feature = podRule(rule)?.feature;
    return feature !== undefined && !has.has(feature);
  });
}

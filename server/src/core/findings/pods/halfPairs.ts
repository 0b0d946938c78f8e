import type { CaseNode } from "../../case/case.js";
import { flowsMatching } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import { decideBy } from "../../fib/reach/decideBy.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, type Family, familyBits, formatAddress } from "../../net/address.js";
import { containsPrefix, formatPrefix } from "../../net/prefix.js";
import { reservedTables } from "../../state/nodeState.js";
import type { Place } from "../../text/span.js";
import { isPodRoute, ownAddresses } from "./podEvidence.js";
import { podLists } from "./podLists.js";
import { type PodRuleOwner, podRule } from "./podRules.js";
import { type PodTraces, podTraces } from "./podTraces.js";
import { type RemarkedPod, remarkedPods } from "./remarkedPods.js";

/** A pod with one of the two rules that its CNI makes together, without the other. */
export interface HalfPair {
  readonly pod: PodTraces;
  readonly owner: PodRuleOwner;
  readonly lacks: "to" | "from";
  /** A pod that has both, to take the missing one from. */
  readonly model: PodTraces;
  /** The rule whose packets to the pod go astray; undefined where it is the pod's own packets that do. */
  readonly sender?: Rule;
  /** Whether a device or a list shows that the pod is here; else its clean-up may have broken off. */
  readonly isHere: boolean;
  /** The remark that names the pod, where nothing else does: it has no rule at all. */
  readonly remarked?: Place;
}

/** A rule from a pod, and the pod's address. */
interface Sender {
  readonly address: Address;
  readonly rule: Rule;
}

/** Rules from other pods that are tried; one that leads away is enough. */
const triedSenders = 4;

/**
 * Pods with half of the pair of rules that others have whole, where that leads packets astray.
 *
 * Both CNIs make the rule to a pod first and the one from it after, and delete them in the same order (AWS VPC CNI 1.6 to 1.23,
 * cmd/routed-eni-cni-plugin/driver/driver.go; Cilium 1.9 to 1.15, pkg/datapath/linux/routing/routing.go), so what a clean-up leaves when
 * it breaks off is the rule from the pod. A rule to a pod alone is usual with the AWS VPC CNI (pods of the first interface), and a rule
 * from an address alone with Cilium (the router's address, which is the node's own): each is told only of the other CNI, and of Cilium
 * where a device leads to the pod.
 */
export function halfPairs(node: CaseNode, family: Family): HalfPair[] {
  if (!node.state.families[family].rulesComplete) return [];
  const pods = [...podTraces(node, family).values()];
  return (["AWS VPC CNI", "Cilium"] as const).flatMap((owner) => halfPairsOf(node, family, owner, pods));
}

function halfPairsOf(node: CaseNode, family: Family, owner: PodRuleOwner, all: readonly PodTraces[]): HalfPair[] {
  const pods = all
    .filter(({ owners }) => owners.includes(owner))
    .map((pod) => (pod.owners.length > 1 ? madeBy(owner, pod) : pod));
  const model = pods.find(({ to, from }) => to.length > 0 && from.length > 0);
  const unruled = model ? remarkedWithoutRules(node, family, pods) : [];
  const halves = model
    ? pods.filter(({ to, from }) => (from.length === 0 ? owner === "Cilium" && to.length > 0 : to.length === 0))
    : [];
  if (!model || halves.length + unruled.length === 0) return [];
  const { here } = podLists(node);
  const wide = wideSourceRules(node, family);
  const main = node.state.families[family].tables.get(reservedTables.main);
  const senders = sendersByDestination(pods);
  const withRules = halves.flatMap((pod): HalfPair[] => {
    const isHere = pod.route !== undefined || here.has(formatAddress(pod.address));
    // A whole table main without a route to the pod: it is gone, or lacks more than a rule.
    if (!isHere && main?.origin === "dumped") return [];
    if (pod.from.length > 0) {
      if (owner === "Cilium" && !isHere) return [];
      const sender = leadsAway(node, senders, pod.address);
      return sender ? [{ pod, owner, lacks: "to", model, sender, isHere }] : [];
    }
    if (wide.some(({ from }) => from && containsPrefix(from, pod.address))) return [];
    return [{ pod, owner, lacks: "from", model, isHere }];
  });
  if (main?.origin === "dumped") return withRules;
  const remarked = unruled.flatMap(({ address, place }): HalfPair[] => {
    const sender = leadsAway(node, senders, address);
    const pod: PodTraces = { address, to: [], from: [], route: undefined, owners: [owner], features: model.features };
    return sender ? [{ pod, owner, lacks: "to", model, sender, isHere: false, remarked: place }] : [];
  });
  return [...withRules, ...remarked];
}

/** Fewer pods than this that a remark names and that have rules do not show that it is about these pods. */
const fewestNamed = 3;

/**
 * The pods that a remark names and no rule: where it names every pod that has rules, so that it is a list of them all, and several of these
 * have the rule to them.
 */
function remarkedWithoutRules(node: CaseNode, family: Family, pods: readonly PodTraces[]): RemarkedPod[] {
  const remarked = remarkedPods(node);
  if (remarked.size === 0) return [];
  const isNamed = ({ address }: PodTraces) => remarked.has(formatAddress(address));
  const whole = pods.filter(({ to }) => to.length > 0);
  if (whole.length < fewestNamed || !pods.every(isNamed)) return [];
  const traces = podTraces(node, family);
  const own = ownAddresses(node.state, family);
  return [...remarked].flatMap(([key, pod]) =>
    pod.address.family === family && !traces.has(key) && !own.has(key) ? [pod] : [],
  );
}

/** The pod with the rules of one CNI alone. */
function madeBy(owner: PodRuleOwner, pod: PodTraces): PodTraces {
  const isOwn = (rule: Rule) => podRule(rule)?.owner === owner;
  return { ...pod, to: pod.to.filter(isOwn), from: pod.from.filter(isOwn) };
}

/** The first rules from pods, by the destinations they ask for: as many of each as tell of every pod. */
function sendersByDestination(pods: readonly PodTraces[]): readonly (readonly Sender[])[] {
  const senders = new Map<string, Sender[]>();
  for (const { address, from } of pods) {
    for (const rule of from) {
      const to = rule.to ? formatPrefix(rule.to) : "";
      const group = senders.get(to);
      if (!group) senders.set(to, [{ address, rule }]);
      else if (group.length <= triedSenders && group.at(-1)?.address !== address) group.push({ address, rule });
    }
  }
  return [...senders.values()];
}

/** A rule from another pod that decides about packets to this one and does not bring them to its device. */
function leadsAway({ state }: CaseNode, senders: readonly (readonly Sender[])[], address: Address): Rule | undefined {
  const fib = fibOf(state, address.family);
  const index = ruleIndexOf(state, address.family);
  return senders
    .filter(([first]) => !first?.rule.to || containsPrefix(first.rule.to, address))
    .flatMap((group) => group.filter((sender) => sender.address.value !== address.value))
    .slice(0, triedSenders)
    .find(({ rule }) =>
      flowsMatching(rule, address, state).some((flow) => {
        const decision = decideBy(fib, index, flow);
        if (decision.type === "missing") return decision.rule === rule;
        return decision.type === "route" && decision.rule === rule && !isPodRoute(decision.route);
      }),
    )?.rule;
}

/** The rules that look up the packets of more than one source. */
function wideSourceRules({ state }: CaseNode, family: Family): Rule[] {
  const { rules = [] } = state.families[family];
  return rules.filter(({ from, not }) => !not && from && from.length > 0 && from.length < familyBits(family));
}

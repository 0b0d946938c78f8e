import type { CaseNode } from "../../case/case.js";
import { flowsMatching } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import { decideBy } from "../../fib/reach/decideBy.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, type Family, familyBits, formatAddress } from "../../net/address.js";
import { containsPrefix } from "../../net/prefix.js";
import { reservedTables } from "../../state/nodeState.js";
import { isPodRoute, type PodTraces, podLists, podRuleOwner, podTraces } from "./podEvidence.js";

/** A pod with one of the two rules that its CNI makes together, without the other. */
export interface HalfPair {
  readonly pod: PodTraces;
  readonly owner: "Cilium" | "AWS VPC CNI";
  readonly lacks: "to" | "from";
  /** A pod that has both, to take the missing one from. */
  readonly model: PodTraces;
  /** The rule whose packets to the pod go astray; undefined where it is the pod's own packets that do. */
  readonly sender?: Rule;
  /** Whether a device or a list shows that the pod is here; else its clean-up may have broken off. */
  readonly isHere: boolean;
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
  const pods = [...podTraces(node, family).values()].filter(({ to, from }) => to.length + from.length > 0);
  return (["AWS VPC CNI", "Cilium"] as const).flatMap((owner) => halfPairsOf(node, family, owner, pods));
}

function halfPairsOf(node: CaseNode, family: Family, owner: HalfPair["owner"], all: readonly PodTraces[]): HalfPair[] {
  const pods = all.map((pod) => ({ ...pod, to: ofOwner(pod.to, owner), from: ofOwner(pod.from, owner) }));
  const model = pods.find(({ to, from }) => to.length > 0 && from.length > 0);
  if (!model) return [];
  const { here } = podLists(node);
  const wide = wideSourceRules(node, family);
  const main = node.state.families[family].tables.get(reservedTables.main);
  return pods.flatMap((pod): HalfPair[] => {
    if ((pod.to.length === 0) === (pod.from.length === 0)) return [];
    const isHere = pod.routes.length > 0 || here.has(formatAddress(pod.address));
    // A whole table main without a route to the pod: it is gone, or lacks more than a rule.
    if (!isHere && main?.origin === "dumped") return [];
    if (pod.from.length > 0) {
      if (owner === "Cilium" && !isHere) return [];
      const sender = leadsAway(node, pods, pod);
      return sender ? [{ pod, owner, lacks: "to", model, sender, isHere }] : [];
    }
    if (owner !== "Cilium" || wide.some(({ from }) => from && containsPrefix(from, pod.address))) return [];
    return [{ pod, owner, lacks: "from", model, isHere }];
  });
}

function ofOwner(rules: readonly Rule[], owner: HalfPair["owner"]): Rule[] {
  return rules.filter((rule) => podRuleOwner(rule) === owner);
}

/** A rule from another pod that decides about packets to this one and does not bring them to its device. */
function leadsAway({ state }: CaseNode, pods: readonly PodTraces[], { address }: PodTraces): Rule | undefined {
  const fib = fibOf(state, address.family);
  const index = ruleIndexOf(state, address.family);
  return sendersTo(address, pods).find((sender) =>
    flowsMatching(sender, address, state).some((flow) => {
      const decision = decideBy(fib, index, flow);
      if (decision.type === "missing") return decision.rule === sender;
      return decision.type === "route" && decision.rule === sender && !isPodRoute(decision.route);
    }),
  );
}

/** The first rules from other pods that ask for packets to an address. */
function sendersTo(address: Address, pods: readonly PodTraces[]): Rule[] {
  const senders: Rule[] = [];
  for (const other of pods) {
    if (other.address.value === address.value) continue;
    senders.push(...other.from.filter(({ to }) => !to || containsPrefix(to, address)));
    if (senders.length >= triedSenders) break;
  }
  return senders.slice(0, triedSenders);
}

/** The rules that look up the packets of more than one source. */
function wideSourceRules({ state }: CaseNode, family: Family): Rule[] {
  const { rules = [] } = state.families[family];
  return rules.filter(({ from, not }) => !not && from && from.length > 0 && from.length < familyBits(family));
}

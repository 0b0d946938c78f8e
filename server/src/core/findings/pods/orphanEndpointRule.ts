import type { CaseNode } from "../../case/case.js";
import type { Rule } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";
import { type PodLists, podLists } from "./podLists.js";
import { type PodTraces, podTraces } from "./podTraces.js";
import { remarkedPods } from "./remarkedPods.js";
import { siblingPattern } from "./siblingPattern.js";

/** Whether a list is whole that a pod of this CNI would be in. */
function isNotListed({ owners }: PodTraces, { wholeCilium, wholeKubectl }: PodLists): boolean {
  return wholeKubectl || (wholeCilium && owners.includes("Cilium") && !owners.includes("AWS VPC CNI"));
}

function findingFor(pod: PodTraces, isCertain: boolean): Finding | undefined {
  const [first, ...others]: readonly Rule[] = [...pod.to, ...pod.from];
  if (!first) return undefined;
  const address = formatAddress(pod.address);
  const what = others.length > 0 ? `These ${others.length + 1} rules are` : "This rule is";
  const why = isCertain
    ? "which no list of this node's pods shows"
    : "to which no route leads, as one does to every other pod with such rules";
  return {
    code: "orphan-endpoint-rule",
    severity: "information",
    confidence: isCertain ? "confirmed" : "likely",
    place: first.place,
    message: `${what} for pod ${address}, ${why}: the pod is gone and its rules were left behind${isCertain ? "" : ", or its route was removed"}. Once a pod of another node gets the address, packets to it go astray here.`,
    related: others.map(({ place }) => ({ place, message: `For ${address} as well` })),
    data: { code: "orphan-endpoint-rule", address: pod.address, rules: [first, ...others] },
  };
}

function check(node: CaseNode): Finding[] {
  const lists = podLists(node);
  return families.flatMap((family) => {
    if (!node.state.families[family].rulesComplete) return [];
    const routeless = new Set(
      (siblingPattern(node, family)?.withoutRoute ?? []).map(({ address }) => formatAddress(address)),
    );
    return [...podTraces(node, family)].flatMap(([address, pod]) => {
      // A device of its own shows that the pod is here, whatever a list of another moment says.
      if (pod.route !== undefined || lists.here.has(address) || remarkedPods(node).has(address)) return [];
      const isCertain = isNotListed(pod, lists);
      return isCertain || routeless.has(address) ? (findingFor(pod, isCertain) ?? []) : [];
    });
  });
}

/** A rule that the CNI made for a pod outlived it. */
export const orphanEndpointRule: FindingKind = {
  code: "orphan-endpoint-rule",
  defaultSeverity: "information",
  meaning: "A rule that the CNI made for a single pod is there, and the pod is not on this node (any more).",
  silentWhen: [
    "Nothing shows which pods there are: no whole list (`cilium endpoint list`, `kubectl get pods -A -o wide`), and no routes to at least three pods with such rules.",
    "A device leads to the pod, or a list or a remark (`# pods here`, and an address a line) shows it.",
    "No list is there, and the pod's route would stand last in the table: the end of the listing may be missing.",
    "The list of pods is of one namespace, or a selection.",
  ],
  example: `20:    from all to 10.3.1.84 lookup main
111:   from 10.3.1.84 lookup 11
$ cilium endpoint list
ENDPOINT   POLICY (ingress)   POLICY (egress)   IDENTITY   LABELS (source:key[=value])   IPv6   IPv4        STATUS
77         Disabled           Disabled          28075      k8s:app=web                          10.3.1.83   ready`,
  check,
};

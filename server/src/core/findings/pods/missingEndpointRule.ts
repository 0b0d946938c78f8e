import type { CaseNode } from "../../case/case.js";
import { printRuleCommand } from "../../iproute/printRule.js";
import type { Rule } from "../../iproute/rule.js";
import { type Family, formatAddress } from "../../net/address.js";
import { hostPrefix } from "../../net/prefix.js";
import type { Finding, FindingKind } from "../finding.js";
import { families, wordsForRule } from "../ruleEvidence.js";
import { type HalfPair, halfPairs } from "./halfPairs.js";
import { podLists } from "./podLists.js";
import type { PodTraces } from "./podTraces.js";
import { lackedRules, type SiblingPattern, siblingPattern } from "./siblingPattern.js";

/** The rule of a sibling, made out for another pod. */
function ruleFor({ address }: PodTraces, model: Rule): string {
  const side = model.from ? { from: hostPrefix(address) } : { to: hostPrefix(address) };
  const command = printRuleCommand("add", { ...model, ...side });
  // Which table a pod's interface has, only its own rule would tell.
  return model.from ? command.replace(/ lookup \S+/, " lookup TABLE-OF-ITS-INTERFACE") : command;
}

function findingFor(pod: PodTraces, lacking: readonly string[], pattern: SiblingPattern): Finding | undefined {
  const { model } = pattern;
  const place = [pod.route, ...pod.to, ...pod.from].find((item) => item !== undefined)?.place;
  if (!place) return undefined;
  const pods = `the ${pattern.count} other pods of this kind`;
  return {
    code: "missing-endpoint-rule",
    severity: "warning",
    confidence: "likely",
    place,
    message: `Pod ${formatAddress(pod.address)} lacks what ${pods} on this node have: ${lacking.map((line) => `\`${line}\``).join(" and ")}. Its packets take another way than theirs. The CNI does not mend this by itself: it makes such rules when it sets a pod up.`,
    related: [...model.to, ...model.from, ...(model.route ? [model.route] : [])].map((item) => ({
      place: item.place,
      message: `What ${formatAddress(model.address)} has`,
    })),
    data: { code: "missing-endpoint-rule", address: pod.address, lacking },
  };
}

/** What goes astray without the rule, and what does not. */
function wordsForAstray({ pod, lacks, sender }: HalfPair): string {
  const address = formatAddress(pod.address);
  if (lacks === "from" || !sender) return `What ${address} sends leaves by table main instead of its own interface.`;
  return `Packets to ${address} from pods with a rule like ${wordsForRule(sender)} are looked up in that table, which leads out by an interface; all others find the pod.`;
}

/** What a pod has and lacks. */
function wordsForLack({ pod, owner, lacks, model, remarked }: HalfPair): string {
  const [address, sibling] = [formatAddress(pod.address), formatAddress(model.address)];
  if (remarked)
    return `A remark names ${address} among the pods, and there is no rule to it, as ${owner} made one to ${sibling}.`;
  const has = lacks === "to" ? "from" : "to";
  return `Pod ${address} has a rule ${has} it and none ${lacks} it; ${owner} makes both together, as ${sibling} has them.`;
}

/** What the conclusion rests on, where nothing shows that the pod is here. */
function wordsForDoubt({ lacks, isHere, remarked }: HalfPair): string[] {
  if (isHere) return [];
  const doubt = remarked
    ? "and not in the node's own network"
    : lacks === "to"
      ? "and not half removed"
      : "and was not half set up when this was dumped";
  return [`Provided that the pod is on this node, ${doubt}: \`kubectl get pods -A -o wide\` tells.`];
}

function findingForHalf(half: HalfPair): Finding | undefined {
  const { pod, lacks, model, isHere, remarked } = half;
  const [has] = lacks === "to" ? pod.from : pod.to;
  const place = has?.place ?? remarked;
  if (!place) return undefined;
  const lacking = model[lacks].map((rule) => ruleFor(pod, rule));
  return {
    code: "missing-endpoint-rule",
    severity: "information",
    confidence: isHere ? "likely" : "conditional",
    place,
    message: [
      wordsForLack(half),
      wordsForAstray(half),
      `Missing: ${lacking.map((line) => `\`${line}\``).join(" and ")}.`,
      ...wordsForDoubt(half),
    ].join(" "),
    related: [...model.to, ...model.from].map((rule) => ({
      place: rule.place,
      message: `What ${formatAddress(model.address)} has`,
    })),
    data: { code: "missing-endpoint-rule", address: pod.address, lacking },
  };
}

/** Pods of which only the rules tell, or with too few siblings to be compared with. */
function checkPairs(node: CaseNode, family: Family, said: readonly Finding[]): Finding[] {
  const named = new Set(said.map(({ data }) => data.code === "missing-endpoint-rule" && formatAddress(data.address)));
  return halfPairs(node, family)
    .filter(({ pod }) => !named.has(formatAddress(pod.address)))
    .flatMap((half) => findingForHalf(half) ?? []);
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const said = checkSiblings(node, family);
    return [...said, ...checkPairs(node, family, said)];
  });
}

function checkSiblings(node: CaseNode, family: Family): Finding[] {
  const pattern = siblingPattern(node, family);
  if (!pattern) return [];
  const { here } = podLists(node);
  const device = pattern.model.route?.nexthops[0]?.dev ?? "";
  return [
    ...pattern.withoutRules.map((pod) => [pod, lackedRules(pod, pattern).map((rule) => ruleFor(pod, rule))] as const),
    // Without a list that shows it here, the pod may be gone instead: `orphan-endpoint-rule`.
    ...pattern.withoutRoute
      .filter(({ address }) => here.has(formatAddress(address)))
      .map(
        (pod) => [pod, [`ip route add ${formatAddress(pod.address)} dev DEVICE-LIKE-${device} scope link`]] as const,
      ),
  ].flatMap(([pod, lacking]) => findingFor(pod, lacking, pattern) ?? []);
}

/** A pod lacks a rule or route that its siblings on the node have. */
export const missingEndpointRule: FindingKind = {
  code: "missing-endpoint-rule",
  defaultSeverity: "warning",
  meaning:
    "A pod lacks a rule or a route that the CNI made for all the other pods of the node; names what is missing. Its packets take another way, or none. Where only the rules tell, or too few pods, it is an information: a pod has one of the two rules that the CNI makes together, or a remark in the dump names it among the pods (`# pods here`, and an address a line).",
  silentWhen: [
    "The list of rules is not whole.",
    "No pod has both of the rules that the CNI makes together.",
    "Table main is whole and has no route to the pod: then the pod is gone.",
    "AWS VPC CNI: a pod has no `from` rule. Pods of the first interface have none.",
    "Cilium: an address has only a `from` rule, and no device leads to it. The router's address has only that one.",
    "Only a remark names the pod, and not all pods that have rules, or fewer than three of them have the rule in question.",
    "What other pods send is not led away: none of their rules covers the address, or an earlier rule decides.",
  ],
  example: `512:   from all to 10.1.0.5 lookup main
512:   from all to 10.1.0.6 lookup main
512:   from all to 10.1.0.7 lookup main
10.1.0.5 dev eni0123456789a scope link
10.1.0.6 dev eni0123456789b scope link
10.1.0.7 dev eni0123456789c scope link
10.1.0.8 dev eni0123456789d scope link     <- no rule leads here`,
  check,
};

import type { CaseNode } from "../../case/case.js";
import { wordsForDestination, wordsForNexthop, wordsForTable } from "../../fib/decisionWords.js";
import type { Rule } from "../../iproute/rule.js";
import { formatPrefix } from "../../net/prefix.js";
import type { Confidence, Finding, FindingKind, RelatedPlace, Victim, VictimKind } from "../finding.js";
import { confidenceIn, families, wordsForConfidence } from "../ruleEvidence.js";
import { bridgeShadows } from "./bridgeShadows.js";
import { isGrave } from "./victimKind.js";
import { type Shadow, victimsIn } from "./victimsIn.js";
import { withoutLackingPods } from "./withoutLackingPods.js";

const kindWords: Readonly<Record<VictimKind, string>> = {
  pods: "pods",
  lan: "a network this node is directly connected to",
  tunnel: "a tunnel",
  subnet: "a directly connected subnet",
  bridge: "a bridge",
  other: "another network",
};

/** More prefixes than this nobody reads in a sentence. */
const listedVictims = 12;

/** `10.3.1.0/24 (pods by cilium_host)`, ... */
function listVictims(victims: readonly Victim[]): string {
  const list = victims.slice(0, listedVictims).map(({ kind, route }) => {
    const down = route.nexthops.some(({ flags }) => flags.includes("linkdown")) ? ", link down" : "";
    return `${formatPrefix(route.dst)} (${kindWords[kind]} by ${route.nexthops.map((hop) => hop.dev ?? wordsForNexthop(hop)).join(", ")}${down})`;
  });
  const more = victims.length - list.length;
  return `${list.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function relatedPlaces({ victims, alike }: Shadow): RelatedPlace[] {
  const [first] = victims;
  const taken: RelatedPlace[] = first
    ? [{ place: first.taken.route.place, message: `Taken instead: the route in ${wordsForTable(first.taken.table)}` }]
    : [];
  return [
    ...taken,
    ...victims.map(({ route, otherwise }) => ({
      place: route.place,
      message: `Not reached: ${formatPrefix(route.dst)} in ${wordsForTable(otherwise.table)}`,
    })),
    ...alike.map(({ place, priority }) => ({ place, message: `Rule ${priority} does the same for another source` })),
  ];
}

function confidenceOf(node: CaseNode, rule: Rule, victims: readonly Victim[]): Confidence {
  const partial = victims.some(({ taken, otherwise }) =>
    [taken, otherwise].some(({ table }) => table.origin === "partial"),
  );
  return partial ? "conditional" : confidenceIn(node, rule.family, [rule]);
}

function findingFor(node: CaseNode, shadow: Shadow): Finding | undefined {
  const { rule, victims, alike } = shadow;
  const grave = victims.filter(isGrave);
  const lesser = victims.filter((victim) => !isGrave(victim));
  const [first] = grave;
  if (!first) return undefined;
  const confidence = confidenceOf(node, rule, victims);
  // Packets get a fwmark on purpose, so a rule that asks for one may well be meant to take everything that has it.
  const meant = rule.fwmark !== undefined && !rule.not;
  const where = wordsForDestination(first.taken);
  const sentences = [
    `Rule ${rule.priority} takes packets away from more specific routes that are looked up later: ${listVictims(grave)}.`,
    `They go to ${where} (${wordsForTable(first.taken.table)}) instead of ${wordsForDestination(first.otherwise)}.`,
    ...(lesser.length > 0 ? [`Less grave, and perhaps meant: ${listVictims(lesser)}.`] : []),
    ...(alike.length > 1 ? [`${alike.length} more rules that differ in their source only do the same.`] : []),
    ...(alike.length === 1 ? ["Another rule that differs in its source only does the same."] : []),
    ...wordsForConfidence(confidence),
  ];
  return {
    code: "shadowing-rule",
    severity: meant || confidence === "conditional" ? "information" : "warning",
    confidence: meant ? "conditional" : confidence,
    place: rule.place,
    message: sentences.join(" "),
    related: relatedPlaces({ rule, victims: [...grave, ...lesser], alike }),
    data: { code: "shadowing-rule", rule, victims: [...grave, ...lesser], alike },
  };
}

/** Bridges alone are no proof of a fault: only who uses them by that address knows. */
function findingForBridges(node: CaseNode, shadow: Shadow): Finding | undefined {
  const { rule, victims, alike } = shadow;
  const [first] = victims;
  if (!first) return undefined;
  const who = rule.from ? ` from ${formatPrefix(rule.from)}` : "";
  return {
    code: "shadowing-rule",
    severity: "information",
    confidence: "conditional",
    place: rule.place,
    message: [
      `Rule ${rule.priority} takes packets${who} away from bridges that are looked up later: ${listVictims(victims)}.`,
      `They go to ${wordsForDestination(first.taken)} (${wordsForTable(first.taken.table)}), not to the bridge.`,
      "That is a fault if containers or virtual machines there are reached by such an address, as published ports are; else it is how source routing for another NIC looks.",
      ...(alike.length > 0
        ? [`${alike.length === 1 ? "Another rule does" : `${alike.length} more rules do`} the same.`]
        : []),
      ...wordsForConfidence(confidenceOf(node, rule, victims)),
    ].join(" "),
    related: relatedPlaces(shadow),
    data: { code: "shadowing-rule", rule, victims, alike },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const shadows = withoutLackingPods(node, family, victimsIn(node.state, family));
    const said = new Set(shadows.flatMap(({ rule, alike }) => [rule, ...alike]));
    return [
      ...shadows.flatMap((shadow) => findingFor(node, shadow) ?? []),
      ...bridgeShadows(node.state, family, said).flatMap((shadow) => findingForBridges(node, shadow) ?? []),
    ];
  });
}

/** A rule decides packets for which a rule looked up later has a more specific route. */
export const shadowingRule: FindingKind = {
  code: "shadowing-rule",
  defaultSeverity: "warning",
  meaning:
    "The rule takes packets for which a rule that is looked up later has a more specific route, to pods behind a CNI device or into a tunnel; or sends a network this node is directly connected to into a tunnel that announces the same one.",
  silentWhen: [
    "The routes taken away lead only to connected subnets: source routing for a second NIC does that on purpose. Where they lead to bridges of containers that have a link, it is an information, because only who uses them knows.",
    "A default route into a tunnel takes the connected networks or bridges: a VPN for everything is meant to.",
    "An earlier rule already decides those packets (`to POD lookup main`, `lookup main suppress_prefixlength 0`).",
    "A table that the look-up needs was not dumped.",
    "A pod lacks the rule that leads to each of its siblings first: `missing-endpoint-rule` says so.",
    "The rule is one that its owner (Cilium, Tailscale, wg-quick ...) installs with this priority, selector and table.",
  ],
  example: `100: from all lookup local
30000: from 192.0.2.7 lookup 200
32766: from all lookup main

table 200: default via 192.0.2.1 dev eth1
main:      10.3.0.0/24 via 10.3.0.200 dev cilium_host`,
  check,
};

import type { CaseNode } from "../case/case.js";
import { ruleOwner } from "../cilium/ruleOwners.js";
import { wordsForDestination, wordsForNexthop, wordsForTable } from "../fib/decisionWords.js";
import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import { formatPrefix } from "../net/prefix.js";
import type { Confidence, Finding, FindingKind, RelatedPlace, Victim, VictimKind } from "./finding.js";
import { victimsOf } from "./victims.js";

/** Victims whose loss is a fault in all likelihood; the others are often meant, and are only mentioned beside these. */
const graveKinds: ReadonlySet<VictimKind> = new Set(["pods", "tunnel"]);

/** Whether a victim is grave enough to be the reason for a finding and the object of a fix. */
export function isGrave({ kind }: Victim): boolean {
  return graveKinds.has(kind);
}

const kindWords: Readonly<Record<VictimKind, string>> = {
  pods: "pods",
  tunnel: "a tunnel",
  subnet: "a directly connected subnet",
  bridge: "a bridge",
  other: "another network",
};

/** `10.3.1.0/24 (pods by cilium_host)`, ... */
function listVictims(victims: readonly Victim[]): string {
  return victims
    .map(({ kind, route }) => {
      const down = route.nexthops.some(({ flags }) => flags.includes("linkdown")) ? ", link down" : "";
      return `${formatPrefix(route.dst)} (${kindWords[kind]} by ${route.nexthops.map((hop) => hop.dev ?? wordsForNexthop(hop)).join(", ")}${down})`;
    })
    .join(", ");
}

function relatedPlaces(victims: readonly Victim[], [first]: readonly Victim[]): RelatedPlace[] {
  const taken: RelatedPlace[] = first
    ? [{ place: first.taken.route.place, message: `Taken instead: the route in ${wordsForTable(first.taken.table)}` }]
    : [];
  return [
    ...taken,
    ...victims.map(({ route, otherwise }) => ({
      place: route.place,
      message: `Not reached: ${formatPrefix(route.dst)} in ${wordsForTable(otherwise.table)}`,
    })),
  ];
}

function confidenceOf(node: CaseNode, rule: Rule, victims: readonly Victim[]): Confidence {
  const family = node.state.families[rule.family];
  if (rule.incomplete || family.hiddenSelectors.length > 0 || !family.rulesComplete) return "conditional";
  const tables = victims.flatMap(({ taken, otherwise }) => [taken.table, otherwise.table]);
  return tables.some(({ origin }) => origin === "partial") ? "conditional" : "confirmed";
}

function findingFor(node: CaseNode, rule: Rule, victims: readonly Victim[]): Finding | undefined {
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
    ...(confidence === "conditional" ? ["This holds if the dump shows the rules and tables whole."] : []),
  ];
  return {
    code: "shadowing-rule",
    severity: meant || confidence === "conditional" ? "information" : "warning",
    confidence: meant ? "conditional" : confidence,
    place: rule.place,
    message: sentences.join(" "),
    related: relatedPlaces([...grave, ...lesser], grave),
    data: { code: "shadowing-rule", rule, victims: [...grave, ...lesser] },
  };
}

/** Rules whose owner means them to take what they take: proxy redirection, a VPN's own mark. */
function isIntended(rule: Rule): boolean {
  return ruleOwner(rule)?.confidence === "certain";
}

function check(node: CaseNode): Finding[] {
  return ([4, 6] as Family[]).flatMap((family) =>
    (node.state.families[family].rules ?? [])
      .filter((rule) => rule.action.type === "lookup" && !isIntended(rule))
      .flatMap((rule) => findingFor(node, rule, victimsOf(node.state, rule)) ?? []),
  );
}

/** A rule decides packets for which a rule looked up later has a more specific route. */
export const shadowingRule: FindingKind = {
  code: "shadowing-rule",
  defaultSeverity: "warning",
  meaning:
    "The rule takes packets for which a rule that is looked up later has a more specific route, to pods behind a CNI device or into a tunnel.",
  silentWhen: [
    "The routes taken away lead only to connected subnets or bridges: source routing for a second NIC does that on purpose.",
    "An earlier rule already decides those packets (`to POD lookup main`, `lookup main suppress_prefixlength 0`).",
    "A table that the look-up needs was not dumped.",
    "The rule is one that its owner (Cilium, Tailscale, wg-quick ...) installs with this priority, selector and table.",
  ],
  example: `100: from all lookup local
30000: from 192.0.2.7 lookup 200
32766: from all lookup main

table 200: default via 192.0.2.1 dev eth1
main:      10.3.0.0/24 via 10.3.0.200 dev cilium_host`,
  check,
};

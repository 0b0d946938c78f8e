import type { CaseNode } from "../../case/case.js";
import type { CompiledTable } from "../../fib/compiledTable.js";
import type { Fib } from "../../fib/compileFib.js";
import { wordsForDestination, wordsForNexthop, wordsForTable } from "../../fib/decisionWords.js";
import { routesTo } from "../../fib/prefixIndex.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import type { Route } from "../../iproute/route.js";
import { formatPrefix } from "../../net/prefix.js";
import type { Confidence, Finding, FindingKind, RelatedPlace, Victim, VictimKind } from "../finding.js";
import { confidenceIn, families, wordsForConfidence } from "../ruleEvidence.js";
import { bridgeShadows } from "./bridgeShadows.js";
import { type Loss, type VictimSearch, victimSearch, victimsOf } from "./losses.js";
import { type Shadow, shadowsIn } from "./shadowsIn.js";
import { isGrave } from "./victimKind.js";
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
const listedLosses = 12;

/** `10.3.1.0/24 (pods by cilium_host)`, ... */
function listLosses(losses: readonly Loss[]): string {
  const list = losses.slice(0, listedLosses).map(({ kind, route }) => {
    const down = route.nexthops.some(({ flags }) => flags.includes("linkdown")) ? ", link down" : "";
    return `${formatPrefix(route.dst)} (${kindWords[kind]} by ${route.nexthops.map((hop) => hop.dev ?? wordsForNexthop(hop)).join(", ")}${down})`;
  });
  const more = losses.length - list.length;
  return `${list.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

type PlaceOfLoss = (loss: Loss) => RelatedPlace;

/** What is said of the routes of one family, of each once: many rules may take packets away from the same ones. */
function lossPlaces({ tables }: Fib): PlaceOfLoss {
  const known = new Map<Route, RelatedPlace>();
  return ({ route, table: id }) => {
    let place = known.get(route);
    if (!place) {
      place = placeOf(route, tables.get(id));
      known.set(route, place);
    }
    return place;
  };
}

function placeOf(route: Route, compiled: CompiledTable | undefined): RelatedPlace {
  // It may have been read before an edit that moved it.
  const now = compiled && routesTo(compiled.index, route.dst).find((each) => isMovedRoute(each, route));
  const { place } = now ?? route;
  return { place, message: `Not reached: ${formatPrefix(route.dst)} in ${wordsForTable(compiled?.table ?? {})}` };
}

function relatedPlaces({ losses, alike }: Shadow, { taken }: Victim, placeOfLoss: PlaceOfLoss): RelatedPlace[] {
  return [
    { place: taken.route.place, message: `Taken instead: the route in ${wordsForTable(taken.table)}` },
    ...losses.map(placeOfLoss),
    ...alike.map(({ place, priority }) => ({ place, message: `Rule ${priority} does the same for another source` })),
  ];
}

function confidenceOf(node: CaseNode, { rule, losses }: Shadow, { taken }: Victim): Confidence {
  const { tables } = node.state.families[rule.family];
  const isPartial = (id: number) => tables.get(id)?.origin === "partial";
  const partial = isPartial(taken.table.id) || losses.some(({ table }) => isPartial(table));
  return partial ? "conditional" : confidenceIn(node, rule.family, [rule]);
}

/** What of a finding does not depend on how grave the losses are. */
function finding(
  search: VictimSearch,
  { rule, at, losses, alike }: Shadow,
  parts: Pick<Finding, "severity" | "confidence" | "message" | "related">,
): Finding {
  let victims: readonly Victim[] | undefined;
  return {
    code: "shadowing-rule",
    place: rule.place,
    ...parts,
    data: {
      code: "shadowing-rule",
      rule,
      /** Looked up when first asked for: they may be thousands, and whoever repairs nothing needs none. */
      get victims() {
        victims ??= victimsOf(search, at, losses);
        return victims;
      },
      alike,
    },
  };
}

function findingFor(node: CaseNode, search: VictimSearch, shadow: Shadow, placeOfLoss: PlaceOfLoss): Finding[] {
  const { rule, at, alike } = shadow;
  const grave = shadow.losses.filter(isGrave);
  const lesser = shadow.losses.filter((loss) => !isGrave(loss));
  const [first] = victimsOf(search, at, grave.slice(0, 1));
  if (!first) return [];
  const sorted = { ...shadow, losses: [...grave, ...lesser] };
  const confidence = confidenceOf(node, sorted, first);
  // Packets get a fwmark on purpose, so a rule that asks for one may well be meant to take everything that has it.
  const meant = rule.fwmark !== undefined && !rule.not;
  const where = wordsForDestination(first.taken);
  const sentences = [
    `Rule ${rule.priority} takes packets away from more specific routes that are looked up later: ${listLosses(grave)}.`,
    `They go to ${where} (${wordsForTable(first.taken.table)}) instead of ${wordsForDestination(first.otherwise)}.`,
    ...(lesser.length > 0 ? [`Less grave, and perhaps meant: ${listLosses(lesser)}.`] : []),
    ...(alike.length > 1 ? [`${alike.length} more rules that differ in their source only do the same.`] : []),
    ...(alike.length === 1 ? ["Another rule that differs in its source only does the same."] : []),
    ...wordsForConfidence(confidence),
  ];
  return [
    finding(search, sorted, {
      severity: meant || confidence === "conditional" ? "information" : "warning",
      confidence: meant ? "conditional" : confidence,
      message: sentences.join(" "),
      related: relatedPlaces(sorted, first, placeOfLoss),
    }),
  ];
}

/** Bridges alone are no proof of a fault: only who uses them by that address knows. */
function findingForBridges(node: CaseNode, search: VictimSearch, shadow: Shadow, placeOfLoss: PlaceOfLoss): Finding[] {
  const { rule, at, losses, alike } = shadow;
  const [first] = victimsOf(search, at, losses.slice(0, 1));
  if (!first) return [];
  const who = rule.from ? ` from ${formatPrefix(rule.from)}` : "";
  return [
    finding(search, shadow, {
      severity: "information",
      confidence: "conditional",
      message: [
        `Rule ${rule.priority} takes packets${who} away from bridges that are looked up later: ${listLosses(losses)}.`,
        `They go to ${wordsForDestination(first.taken)} (${wordsForTable(first.taken.table)}), not to the bridge.`,
        "That is a fault if containers or virtual machines there are reached by such an address, as published ports are; else it is how source routing for another NIC looks.",
        ...(alike.length > 0
          ? [`${alike.length === 1 ? "Another rule does" : `${alike.length} more rules do`} the same.`]
          : []),
        ...wordsForConfidence(confidenceOf(node, shadow, first)),
      ].join(" "),
      related: relatedPlaces(shadow, first, placeOfLoss),
    }),
  ];
}

function check(node: CaseNode): Finding[] {
  const { state } = node;
  return families.flatMap((family) => {
    const search = victimSearch(state, family);
    const placeOfLoss = lossPlaces(search.fib);
    const shadows = withoutLackingPods(node, family, shadowsIn(state, family));
    const said = new Set(shadows.flatMap(({ rule, alike }) => [rule, ...alike]));
    return [
      ...shadows.flatMap((shadow) => findingFor(node, search, shadow, placeOfLoss)),
      ...bridgeShadows(state, family, said).flatMap((shadow) => findingForBridges(node, search, shadow, placeOfLoss)),
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
    "The routes taken away lead to a directly connected network, and the rule asks for certain packets only (a source, a fwmark, a device ...): they are sent elsewhere on purpose.",
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

import type { CaseNode } from "../case/case.js";
import type { Route } from "../iproute/route.js";
import { type Address, type Family, formatAddress } from "../net/address.js";
import { reservedTables } from "../state/nodeState.js";
import type { Place } from "../text/span.js";
import type { Finding, FindingKind } from "./finding.js";
import { isPodRoute, ownAddresses } from "./podEvidence.js";
import { families } from "./ruleEvidence.js";

/** Something that shows a pod to have an address. */
interface PodWitness {
  readonly address: Address;
  readonly place: Place;
  readonly words: string;
}

function witnesses({ state, files }: CaseNode, family: Family): PodWitness[] {
  const routes = [...state.families[family].tables.values()].flatMap((table) => table.routes.filter(isPodRoute));
  const endpoints = files
    .flatMap(({ transcript }) => transcript.sections)
    .filter((section) => section.kind === "endpoints" && section.printer === "cilium")
    .flatMap((section) => (section.kind === "endpoints" ? section.endpoints : []))
    .filter(({ address, isHost }) => !isHost && address.family === family);
  return [
    ...routes.map(({ dst, nexthops, place }) => ({
      address: dst,
      place,
      words: `the pod behind ${nexthops[0]?.dev ?? "?"}`,
    })),
    ...endpoints.map(({ address, place, name }) => ({ address, place, words: name })),
  ];
}

function findingFor({ address, place, words }: PodWitness, other: Place, what: string, effect: string): Finding {
  return {
    code: "address-conflict",
    severity: "warning",
    confidence: "confirmed",
    place,
    message: `${formatAddress(address)} is the address of ${words} and ${what}. ${effect}`,
    related: [{ place: other, message: `Here it is ${what}` }],
    data: { code: "address-conflict", address },
  };
}

function conflictOf(node: CaseNode, family: Family, pod: PodWitness): Finding[] {
  const text = formatAddress(pod.address);
  const { tables } = node.state.families[family];
  const local = tables.get(reservedTables.local);
  const own = local?.exact ? ownAddresses(node.state, family).get(text) : undefined;
  if (own) {
    return [
      findingFor(
        pod,
        own.place,
        "of the node itself",
        "The node keeps what is for the pod, since it looks up its own addresses first.",
      ),
    ];
  }
  const preferring = [...tables.values()]
    .filter(({ origin }) => origin !== "derived")
    .flatMap(({ routes }) => routes)
    .find((route: Route) => route.src && formatAddress(route.src) === text && route.type === "unicast");
  return preferring
    ? [
        findingFor(
          pod,
          preferring.place,
          "the source that a route prefers",
          "What the node sends by that route bears the pod's address, and the answers go to the pod.",
        ),
      ]
    : [];
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const seen = new Set<string>();
    return witnesses(node, family).flatMap((pod) => {
      const key = formatAddress(pod.address);
      if (seen.has(key)) return [];
      const found = conflictOf(node, family, pod);
      if (found.length > 0) seen.add(key);
      return found;
    });
  });
}

/** An address belongs to the node and to a pod. */
export const addressConflict: FindingKind = {
  code: "address-conflict",
  defaultSeverity: "warning",
  meaning: "An address is the node's own, or the source that one of its routes prefers, and a pod's as well.",
  silentWhen: [
    "The node's own addresses were not dumped (`ip addr`, `ip route show table local`).",
    "The endpoint is the node itself, or a pod in the node's network.",
  ],
  example: `10.3.1.83 dev lxc0123456789ab scope link
10.3.1.0/24 dev eth1 proto kernel scope link src 10.3.1.83`,
  check,
};

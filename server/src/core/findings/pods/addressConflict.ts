import type { CaseNode } from "../../case/case.js";
import type { Route } from "../../iproute/route.js";
import { type Address, type Family, formatAddress } from "../../net/address.js";
import { reservedTables } from "../../state/nodeState.js";
import type { Place } from "../../text/span.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";
import { isPodRoute, ownAddresses } from "./podEvidence.js";

/** Something that shows a pod to have an address. */
export interface PodWitness {
  readonly address: Address;
  readonly place: Place;
  readonly words: string;
}

/** The pods of a node, by their devices and by the agent's own list. */
export function witnesses({ state, files }: CaseNode, family: Family): PodWitness[] {
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

/** The first unicast route that prefers each source address, by its notation. */
function preferringRoutes({ state }: CaseNode, family: Family): Map<string, Route> {
  const bySource = new Map<string, Route>();
  for (const { origin, routes } of state.families[family].tables.values()) {
    if (origin === "derived") continue;
    for (const route of routes) {
      if (!route.src || route.type !== "unicast") continue;
      const text = formatAddress(route.src);
      if (!bySource.has(text)) bySource.set(text, route);
    }
  }
  return bySource;
}

/** What an address of a pod may conflict with, by notation. */
interface OtherUses {
  readonly own: ReturnType<typeof ownAddresses>;
  readonly preferring: ReadonlyMap<string, Route>;
}

function otherUses(node: CaseNode, family: Family): OtherUses {
  const isKnown = node.state.families[family].tables.get(reservedTables.local)?.exact === true;
  return {
    own: isKnown ? ownAddresses(node.state, family) : new Map(),
    preferring: preferringRoutes(node, family),
  };
}

function conflictOf(pod: PodWitness, uses: OtherUses): Finding[] {
  const text = formatAddress(pod.address);
  const own = uses.own.get(text);
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
  const preferring = uses.preferring.get(text);
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
    const uses = otherUses(node, family);
    return witnesses(node, family).flatMap((pod) => {
      const key = formatAddress(pod.address);
      if (seen.has(key)) return [];
      const found = conflictOf(pod, uses);
      if (found.length > 0) seen.add(key);
      return found;
    });
  });
}

/** An address belongs to the node and to a pod. */
export const addressConflict: FindingKind = {
  code: "address-conflict",
  defaultSeverity: "warning",
  meaning:
    "An address is the node's own, or the source that one of its routes prefers, and a pod's as well. Between nodes, as an information: two pods, two nodes, or the pod prefixes of two nodes have the same addresses.",
  silentWhen: [
    "The node's own addresses were not dumped (`ip addr`, `ip route show table local`).",
    "The endpoint is the node itself, or a pod in the node's network.",
    "Between nodes: they have an address in common, so they are one host at two times, or no network; for two nodes with one address, their link-layer addresses are not known or equal. Link-local addresses, `/32`s that move between nodes, and VirtualBox's 10.0.2.0/24 mean nothing.",
  ],
  noFix:
    "Which of the two has to give the address up only those know who gave it out, and taking an address from a device changes more than rules and routes, so it can't be simulated on dumps. A range that was given out twice, the pods' and a network's, is to be made two.",
  example: `10.3.1.83 dev lxc0123456789ab scope link
10.3.1.0/24 dev eth1 proto kernel scope link src 10.3.1.83`,
  check,
};

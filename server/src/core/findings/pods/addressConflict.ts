import type { CaseNode } from "../../case/case.js";
import type { Route } from "../../iproute/route.js";
import { type Address, type Family, formatAddress } from "../../net/address.js";
import { reservedTables } from "../../state/nodeState.js";
import type { Place } from "../../text/span.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";
import { ownAddresses, podOfRoute } from "./podEvidence.js";

/** Something that shows a pod to have an address. */
export interface PodWitness {
  readonly address: Address;
  /** The notation of the address. */
  readonly pod: string;
  readonly place: Place;
  /** The device that leads to the pod, or what a list calls it. */
  readonly device?: string | undefined;
  readonly name?: string;
}

/** The pods of a node with some addresses, by their devices and by the agent's own list. */
export function witnesses(
  { state, files }: CaseNode,
  family: Family,
  isWanted: (pod: string) => boolean,
): PodWitness[] {
  const found: PodWitness[] = [];
  for (const { id, routes } of state.families[family].tables.values()) {
    podOfRoute(state, family, id).forEach((pod, at) => {
      const route = pod !== undefined && isWanted(pod) ? routes[at] : undefined;
      if (pod !== undefined && route)
        found.push({ address: route.dst, pod, place: route.place, device: route.nexthops[0]?.dev });
    });
  }
  for (const section of files.flatMap(({ transcript }) => transcript.sections)) {
    if (section.kind !== "endpoints" || section.printer !== "cilium") continue;
    for (const { address, isHost, place, name } of section.endpoints) {
      const pod = formatAddress(address);
      if (!isHost && address.family === family && isWanted(pod)) found.push({ address, pod, place, name });
    }
  }
  return found;
}

/** `the pod behind lxc1`, or the name that a list gives it. */
export function wordsForWitness({ device, name }: PodWitness): string {
  return name ?? `the pod behind ${device ?? "?"}`;
}

function findingFor(witness: PodWitness, other: Place, what: string, effect: string): Finding {
  const { address, pod, place } = witness;
  return {
    code: "address-conflict",
    severity: "warning",
    confidence: "confirmed",
    place,
    message: `${pod} is the address of ${wordsForWitness(witness)} and ${what}. ${effect}`,
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

function conflictOf(witness: PodWitness, { own, preferring }: OtherUses): Finding | undefined {
  const ownRoute = own.get(witness.pod);
  if (ownRoute) {
    const effect = "The node keeps what is for the pod, since it looks up its own addresses first.";
    return findingFor(witness, ownRoute.place, "of the node itself", effect);
  }
  const route = preferring.get(witness.pod);
  if (!route) return undefined;
  const effect = "What the node sends by that route bears the pod's address, and the answers go to the pod.";
  return findingFor(witness, route.place, "the source that a route prefers", effect);
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const found = new Map<string, Finding>();
    const uses = otherUses(node, family);
    if (uses.own.size === 0 && uses.preferring.size === 0) return [];
    for (const witness of witnesses(node, family, (pod) => uses.own.has(pod) || uses.preferring.has(pod))) {
      const conflict = found.has(witness.pod) ? undefined : conflictOf(witness, uses);
      if (conflict) found.set(witness.pod, conflict);
    }
    return [...found.values()];
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
    "Only those who gave the address out know which of the two has to give it up, and that changes more than rules and routes, so it can't be simulated on dumps. Where a whole range was given out twice, to pods and to a network, give one of them another.",
  example: `10.3.1.83 dev lxc0123456789ab scope link
10.3.1.0/24 dev eth1 proto kernel scope link src 10.3.1.83`,
  check,
};

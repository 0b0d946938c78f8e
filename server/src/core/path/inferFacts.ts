import type { Endpoint } from "../capture/endpoints.js";
import type { Route } from "../iproute/route.js";
import { containsPrefix } from "../net/prefix.js";
import type { NodeState } from "../state/nodeState.js";
import type { Place } from "../text/span.js";
import type { Encryption, FactEvidence, NodeFacts } from "./datapathFacts.js";
import type { Sightings } from "./sightings.js";

/** What is known of a node's set-up, and why. */
export interface InferredFacts {
  readonly facts: NodeFacts;
  readonly evidence: readonly FactEvidence[];
}

/** A value a fact may have, and one line that speaks for it. */
interface Vote {
  readonly value: NodeFacts[keyof NodeFacts] & {};
  readonly statement: string;
  readonly place?: Place;
}

/** Pairs of places that only one kind of set-up connects. */
const tellingPairs: readonly (readonly [pair: string, fact: keyof NodeFacts, value: Vote["value"], words: string])[] = [
  ["to-stack>to-network", "hostRouting", "legacy", "The kernel routed a packet that to-stack had handed to it."],
  ["from-network>from-host", "hostRouting", "legacy", "The kernel routed a packet from a device to cilium_host."],
  ["from-network>from-stack", "hostRouting", "legacy", "The kernel routed a packet from a device to a pod's device."],
  ["from-endpoint>to-network by device", "hostRouting", "bpf", "A pod's packet went to a device without to-stack."],
  ["from-network>to-endpoint", "hostRouting", "bpf", "A packet went from a device to a pod past the kernel."],
  ["from-stack>to-endpoint", "endpointRoutes", true, "A pod's own device took a packet from the kernel."],
  ["from-host>to-endpoint", "endpointRoutes", false, "A packet for a pod was routed to cilium_host."],
  ["from-endpoint>to-overlay to pod", "tunnel", true, "A packet for a pod elsewhere went to the tunnel."],
  ["from-overlay>to-endpoint from pod", "tunnel", true, "A packet of a pod elsewhere came by the tunnel."],
  ["to-stack>to-network to pod", "tunnel", false, "A packet for a pod elsewhere left without a tunnel."],
  ["from-endpoint>to-host", "hostFirewall", true, "A pod's packet to the node went to the host firewall (to-host)."],
  ["from-endpoint>to-overlay to world", "egressGateway", true, "A packet out of the cluster went to the tunnel."],
];

function pairVotes({ pairs }: Sightings, wanted: keyof NodeFacts): Vote[] {
  return tellingPairs.flatMap(([pair, fact, value, statement]) => {
    const place = pairs.get(pair);
    return fact === wanted && place ? [{ value, statement, place }] : [];
  });
}

function routesOf(state: NodeState, family: 4 | 6): Route[] {
  return [...state.families[family].tables.values()].flatMap((table) => table.routes);
}

/** Whether local endpoints are routed to their own devices, as the longest route to any of their addresses tells. */
function endpointRouteVotes(endpoints: readonly Endpoint[], state: NodeState): Vote[] {
  return endpoints.flatMap(({ address, device }): Vote[] => {
    const routes = routesOf(state, address.family).filter(({ dst }) => dst.length > 0 && containsPrefix(dst, address));
    const longest = routes.reduce((best, { dst }) => Math.max(best, dst.length), 0);
    const route = routes.find(({ dst, nexthops }) => {
      const by = nexthops[0]?.dev;
      return dst.length === longest && (by === "cilium_host" || (by !== undefined && by === device));
    });
    if (!route) return [];
    return route.nexthops[0]?.dev === "cilium_host"
      ? [{ value: false, statement: "Pods of this node are routed to cilium_host.", place: route.place }]
      : [{ value: true, statement: "A pod is routed to its own device.", place: route.place }];
  });
}

/** IPsec up to 1.17 has rules for both fwmarks, later versions one for decrypted packets alone (pkg/datapath/linux/ipsec.go). */
function ipsecVote(state: NodeState): Vote[] {
  const rules = [4, 6].flatMap((family) => state.families[family as 4 | 6].rules ?? []);
  const withMark = (value: number) =>
    rules.find(({ fwmark, action }) => fwmark?.value === value && fwmark.mask === 0xf00 && action.type === "lookup");
  const encrypt = withMark(0xe00);
  const decrypt = withMark(0xd00);
  const isTable200 = [encrypt, decrypt].some((rule) => rule?.action.type === "lookup" && rule.action.table.id === 200);
  if (!isTable200) return [];
  const value: Encryption = encrypt ? "ipsec" : "ipsec-at-device";
  const place = (encrypt ?? decrypt)?.place;
  return [{ value, statement: "Rules send IPsec packets to table 200.", ...(place ? { place } : {}) }];
}

function encryptionVotes({ encrypted, pairs }: Sightings, state: NodeState): Vote[] {
  const votes: Vote[] = ipsecVote(state);
  const device = state.links.get("cilium_wg0");
  if (device) votes.push({ value: "wireguard", statement: "The node has cilium_wg0.", place: device.place });
  const wireguard = encrypted.get("wireguard") ?? pairs.get("to-network>to-crypto");
  if (wireguard) votes.push({ value: "wireguard", statement: "WireGuard packets were seen.", place: wireguard });
  const inClear = pairs.get("to-stack>to-network to pod");
  if (inClear)
    votes.push({ value: "none", statement: "A packet for a pod elsewhere left in the clear.", place: inClear });
  return votes;
}

function tunnelVotes(state: NodeState): Vote[] {
  const device = state.links.get("cilium_vxlan") ?? state.links.get("cilium_geneve");
  if (device || state.links.size === 0 || !state.linksComplete) return [];
  return [{ value: false, statement: "The node has no tunnel device." }];
}

function masqueradeEvidence({ masquerade }: Sightings): FactEvidence[] {
  const bpf = masquerade.get("bpf");
  const place = bpf ?? masquerade.get("unknown");
  if (!place) return [];
  const statement = bpf
    ? "BPF translates sources on the way out: the event names the one before."
    : "Sources are translated on the way out; by BPF or by netfilter, JSON does not tell.";
  return [{ fact: "masquerade", statement, place }];
}

/**
 * How this node's datapath is set up, as its own packets, rules, routes and devices show it. What none shows, and what two of them show
 * differently, stays open, and the graph then admits every way.
 */
export function inferFacts(sightings: Sightings, endpoints: readonly Endpoint[], state: NodeState): InferredFacts {
  const votes: { readonly [Fact in keyof NodeFacts]-?: readonly Vote[] } = {
    hostRouting: pairVotes(sightings, "hostRouting"),
    endpointRoutes: firstOf(pairVotes(sightings, "endpointRoutes"), endpointRouteVotes(endpoints, state)),
    tunnel: firstOf(pairVotes(sightings, "tunnel"), tunnelVotes(state)),
    encryption: encryptionVotes(sightings, state),
    nodePort: pairVotes(sightings, "nodePort"),
    hostFirewall: pairVotes(sightings, "hostFirewall"),
    egressGateway: pairVotes(sightings, "egressGateway"),
  };
  const agreed = (Object.keys(votes) as (keyof NodeFacts)[]).flatMap((fact) => {
    const [first, ...others] = votes[fact];
    return first && others.every(({ value }) => value === first.value) ? [{ fact, ...first }] : [];
  });
  return {
    facts: Object.fromEntries(agreed.map(({ fact, value }) => [fact, value])) as NodeFacts,
    evidence: [
      ...agreed.map(({ fact, statement, place }) => ({ fact, statement, ...(place ? { place } : {}) })),
      ...masqueradeEvidence(sightings),
    ],
  };
}

/** What packets show counts before what dumps of another moment do. */
function firstOf(...lists: readonly (readonly Vote[])[]): readonly Vote[] {
  return lists.find((votes) => votes.length > 0) ?? [];
}

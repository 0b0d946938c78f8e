import type { Endpoint } from "../capture/columns/endpoints.js";
import type { Route } from "../iproute/route.js";
import type { Setting } from "../monitor/settings/setting.js";
import { containsPrefix } from "../net/prefix.js";
import type { NodeState } from "../state/nodeState.js";
import { type Encryption, type FactEvidence, factValues, type NodeFacts, type SetUpName } from "./datapathFacts.js";
import type { Sightings } from "./sightings.js";
import { statedVotes } from "./statedFacts.js";
import { tellingPairs } from "./tellingPairs.js";
import type { Vote } from "./vote.js";

/** What is known of a node's set-up, and why. */
export interface InferredFacts {
  readonly facts: NodeFacts;
  readonly evidence: readonly FactEvidence[];
}

function pairVotes({ pairs }: Sightings, wanted: SetUpName): Vote[] {
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

function masqueradeVotes({ masquerade }: Sightings): Vote[] {
  const place = masquerade.get("bpf");
  return place ? [{ value: "bpf", statement: "BPF translates sources on the way out.", place }] : [];
}

/** That sources are translated, where it is not known by whom. */
function openMasquerade({ masquerade }: Sightings): FactEvidence[] {
  const place = masquerade.get("unknown");
  if (!place) return [];
  const statement = "Sources are translated on the way out; by BPF or by netfilter, JSON does not tell.";
  return [{ fact: "masquerade", value: undefined, statement, place }];
}

/** What packets show counts before what dumps of another moment do. */
function firstOf(...lists: readonly (readonly Vote[])[]): readonly Vote[] {
  return lists.find((votes) => votes.length > 0) ?? [];
}

/** What the votes come to: the value that all of them are for, else both sides. */
function settle(fact: SetUpName, votes: readonly Vote[]): FactEvidence[] {
  // A hybrid does the one and the other, by protocol.
  const first = votes.find(({ value }) => value === "hybrid") ?? votes[0];
  if (!first) return [];
  const { value, statement, place } = first;
  const against = value === "hybrid" ? undefined : votes.find((other) => other.value !== value);
  if (!against) return [{ fact, value, statement, ...(place ? { place } : {}) }];
  const both = `${statement} But: ${against.statement}`;
  return [{ fact, value: undefined, statement: both, ...(place ? { place } : {}) }];
}

/**
 * How this node's datapath is set up, as its own packets, rules, routes and devices show it and its settings state it. What none shows,
 * and what two of them show differently, stays open, and the graph then admits every way.
 *
 * @param settings what other texts of the node state, such as `cilium status`
 */
export function inferFacts(
  sightings: Sightings,
  endpoints: readonly Endpoint[],
  state: NodeState,
  settings: readonly Setting[],
): InferredFacts {
  const shown: { readonly [Fact in SetUpName]-?: readonly Vote[] } = {
    hostRouting: pairVotes(sightings, "hostRouting"),
    endpointRoutes: firstOf(pairVotes(sightings, "endpointRoutes"), endpointRouteVotes(endpoints, state)),
    tunnel: firstOf(pairVotes(sightings, "tunnel"), tunnelVotes(state)),
    encryption: encryptionVotes(sightings, state),
    nodePort: pairVotes(sightings, "nodePort"),
    hostFirewall: pairVotes(sightings, "hostFirewall"),
    egressGateway: pairVotes(sightings, "egressGateway"),
    masquerade: masqueradeVotes(sightings),
    nodePortMode: pairVotes(sightings, "nodePortMode"),
  };
  const settled = (Object.keys(shown) as SetUpName[]).flatMap((fact) =>
    settle(fact, [...shown[fact], ...statedVotes(settings, fact)]),
  );
  const evidence = settled.some(({ fact }) => fact === "masquerade")
    ? settled
    : [...settled, ...openMasquerade(sightings)];
  const known = evidence.filter(({ fact, value }) => Object.hasOwn(factValues, fact) && value !== undefined);
  return { facts: Object.fromEntries(known.map(({ fact, value }) => [fact, value])) as NodeFacts, evidence };
}

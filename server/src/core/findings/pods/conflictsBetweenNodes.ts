import type { CaseNode } from "../../case/case.js";
import type { Route } from "../../iproute/route.js";
import type { Address } from "../../net/address.js";
import { addressKind } from "../../net/addressKind.js";
import { formatPrefix, prefixesOverlap } from "../../net/prefix.js";
import type { Place } from "../../text/span.js";
import type { Finding } from "../finding.js";
import { families } from "../ruleEvidence.js";
import { type PodWitness, witnesses, wordsForWitness } from "./addressConflict.js";
import { areNeighbours, type HostOnNetwork, hostOnNetwork } from "./hostOnNetwork.js";

/** Something that one node has and another one has as well. */
interface Conflict {
  readonly host: HostOnNetwork;
  readonly other: HostOnNetwork;
  readonly address: Address;
  readonly place: Place;
  readonly otherPlace: Place;
  /** Whole sentences. */
  readonly words: string;
}

/** What no dump tells: whether the nodes are of one cluster, and of when their dumps are. */
const provided = "Provided that both nodes are of one cluster and their dumps of the same time.";

function findingFor({ address, place, otherPlace, words, other }: Conflict): Finding {
  return {
    code: "address-conflict",
    severity: "information",
    confidence: "conditional",
    place,
    message: `${words} ${provided}`,
    related: [{ place: otherPlace, message: `The same on ${other.node.name}` }],
    data: { code: "address-conflict", address },
  };
}

/** Two pods with one address. Link-local ones mean the node alone. */
function podConflicts(hosts: readonly HostOnNetwork[]): Conflict[] {
  const first = new Map<string, { readonly host: HostOnNetwork; readonly witness: PodWitness }>();
  const conflicts: Conflict[] = [];
  for (const host of hosts) {
    for (const witness of witnesses(host.node, host.family, () => true)) {
      const { address, pod, place } = witness;
      const known = first.get(pod);
      if (!known) first.set(pod, { host, witness });
      if (!known || known.host === host || addressKind(address) === "link-local") continue;
      if (!areNeighbours(known.host, host)) continue;
      const there = `${wordsForWitness(known.witness)} on ${known.host.node.name}`;
      conflicts.push({
        host,
        other: known.host,
        address,
        place,
        otherPlace: known.witness.place,
        words: `${pod} is the address of ${wordsForWitness(witness)} here and of ${there}: packets for it reach one of the two, by the node that sends them.`,
      });
    }
  }
  return conflicts;
}

/** Two nodes that give their pods addresses of one prefix. */
function prefixConflicts(hosts: readonly HostOnNetwork[]): Conflict[] {
  const claims = hosts.flatMap((host) => host.podPrefixes.map((route) => ({ host, route })));
  return claims.flatMap(({ host, route }, at): Conflict[] => {
    const known = claims
      .slice(0, at)
      .find((claim) => prefixesOverlap(claim.route.dst, route.dst) && areNeighbours(claim.host, host));
    if (!known) return [];
    return [
      {
        host,
        other: known.host,
        address: route.dst,
        place: route.place,
        otherPlace: known.route.place,
        words: `The pods of this node have their addresses from ${formatPrefix(route.dst)}, and those of ${known.host.node.name} from ${formatPrefix(known.route.dst)}: other nodes send what is for one's pods to the other.`,
      },
    ];
  });
}

/**
 * The link-layer address of the device that has an address in a network of it. An address alone (`/32`) is one that moves between nodes
 * (kube-vip, keepalived).
 */
function linkLayerOf({ node }: HostOnNetwork, { nexthops, dst }: Route): string | undefined {
  const link = node.state.links.get(nexthops[0]?.dev ?? "");
  const inNetwork = link?.addresses.some(
    ({ address, prefixLength }) => address.value === dst.value && prefixLength < dst.length,
  );
  return inNetwork ? link?.linkLayer?.toLowerCase() : undefined;
}

/** Two machines with one address: their link-layer addresses differ, so these are no two dumps of one. */
function hostConflicts(hosts: readonly HostOnNetwork[]): Conflict[] {
  const first = new Map<string, { readonly host: HostOnNetwork; readonly route: Route }>();
  return hosts.flatMap((host) =>
    [...host.addresses].flatMap(([text, route]): Conflict[] => {
      const known = first.get(text);
      if (!known) first.set(text, { host, route });
      if (!known || known.host === host) return [];
      const [mine, other] = [linkLayerOf(host, route), linkLayerOf(known.host, known.route)];
      if (mine === undefined || other === undefined || mine === other) return [];
      return [
        {
          host,
          other: known.host,
          address: route.dst,
          place: route.place,
          otherPlace: known.route.place,
          words: `${text} is an address of this node and of ${known.host.node.name}, on devices with different link-layer addresses (${mine}, ${other}): who asks for it on a common network gets one of the two.`,
        },
      ];
    }),
  );
}

/**
 * Addresses and pod prefixes that two nodes of a case have: what no node's dumps show alone. Only of nodes that are different hosts of
 * one network, and never more than an information. By the node whose files have the place.
 */
export function conflictsBetweenNodes(nodes: readonly CaseNode[]): ReadonlyMap<CaseNode, readonly Finding[]> {
  const byNode = new Map<CaseNode, Finding[]>();
  if (nodes.length < 2) return byNode;
  for (const family of families) {
    const hosts = nodes.map((node) => hostOnNetwork(node, family));
    for (const conflict of [...prefixConflicts(hosts), ...podConflicts(hosts), ...hostConflicts(hosts)]) {
      byNode.set(conflict.host.node, [...(byNode.get(conflict.host.node) ?? []), findingFor(conflict)]);
    }
  }
  return byNode;
}

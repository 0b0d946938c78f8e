/**
 * The places a packet passes on a Cilium node and the ways between them, as data.
 *
 * Read from Cilium 1.19 (bpf/bpf_lxc.c, bpf_host.c, bpf_overlay.c, bpf_wireguard.c, bpf/lib/{local_delivery,encap,proxy,nodeport}.h)
 * and, for what lies between two programs, from the kernel's order of hooks: tc ingress, netfilter PREROUTING, routing,
 * netfilter POSTROUTING, tc egress (net/core/dev.c, net/ipv4/ip_input.c, ip_forward.c, ip_output.c).
 */

export type ObservationPlaceId =
  | "from-endpoint"
  | "to-endpoint"
  | "to-stack"
  | "to-host"
  | "to-proxy"
  | "to-overlay"
  | "to-network"
  | "to-crypto"
  | "from-proxy"
  | "from-host"
  | "from-stack"
  | "from-overlay"
  | "from-network"
  | "from-crypto";

/** Places that emit no event: the packet must have passed them, between two that do. */
export type SilentPlaceId =
  | "pod"
  | "wire"
  | "prerouting"
  | "routing"
  | "postrouting"
  | "host-process"
  | "proxy-process"
  | "tunnel"
  /** Not a place on the way but the end of one: a Cilium program dropped the packet here. */
  | "dropped";

export type DatapathPlaceId = ObservationPlaceId | SilentPlaceId;

export type Lane = "pod" | "cilium" | "kernel" | "device" | "wire";

export interface DatapathPlace {
  readonly id: DatapathPlaceId;
  readonly lane: Lane;
  readonly title: string;
}

export const datapathPlaces: Readonly<Record<DatapathPlaceId, DatapathPlace>> = {
  pod: { id: "pod", lane: "pod", title: "Pod" },
  wire: { id: "wire", lane: "wire", title: "Wire" },
  prerouting: { id: "prerouting", lane: "kernel", title: "Netfilter prerouting" },
  routing: { id: "routing", lane: "kernel", title: "Policy routing" },
  postrouting: { id: "postrouting", lane: "kernel", title: "Netfilter postrouting" },
  "host-process": { id: "host-process", lane: "kernel", title: "Host process" },
  "proxy-process": { id: "proxy-process", lane: "kernel", title: "Proxy" },
  tunnel: { id: "tunnel", lane: "device", title: "Tunnel device" },
  dropped: { id: "dropped", lane: "cilium", title: "Dropped" },
  "from-endpoint": { id: "from-endpoint", lane: "cilium", title: "from-endpoint" },
  "to-endpoint": { id: "to-endpoint", lane: "cilium", title: "to-endpoint" },
  "to-stack": { id: "to-stack", lane: "cilium", title: "to-stack" },
  "to-host": { id: "to-host", lane: "cilium", title: "to-host" },
  "to-proxy": { id: "to-proxy", lane: "cilium", title: "to-proxy" },
  "to-overlay": { id: "to-overlay", lane: "cilium", title: "to-overlay" },
  "to-network": { id: "to-network", lane: "device", title: "to-network" },
  "to-crypto": { id: "to-crypto", lane: "cilium", title: "to-crypto" },
  "from-proxy": { id: "from-proxy", lane: "cilium", title: "from-proxy" },
  "from-host": { id: "from-host", lane: "cilium", title: "from-host" },
  "from-stack": { id: "from-stack", lane: "cilium", title: "from-stack" },
  "from-overlay": { id: "from-overlay", lane: "cilium", title: "from-overlay" },
  "from-network": { id: "from-network", lane: "device", title: "from-network" },
  "from-crypto": { id: "from-crypto", lane: "cilium", title: "from-crypto" },
};

/** What must hold for a packet to take a transition. A fact that is not known admits it. */
export interface DatapathFacts {
  /** Whether Cilium forwards by the kernel's routing (`legacy`) or past it (`bpf`: BPF host routing). */
  readonly hostRouting?: "legacy" | "bpf";
  /** Whether every endpoint has a route to its own device (`--enable-endpoint-routes`). */
  readonly endpointRoutes?: boolean;
  /** Whether packets between nodes travel in a tunnel. */
  readonly tunnel?: boolean;
  /** Whether packets between nodes are encrypted by WireGuard. */
  readonly wireguard?: boolean;
  /** What the packet's final destination is, seen from this node. */
  readonly destination?: "local-pod" | "elsewhere" | "host";
}

export interface Transition {
  readonly from: DatapathPlaceId;
  readonly to: DatapathPlaceId;
  readonly when: DatapathFacts;
}

const always: DatapathFacts = {};

/** The legal steps of one packet on one node (research: the transition table of the datapath, one row each). */
export const transitions: readonly Transition[] = [
  { from: "pod", to: "from-endpoint", when: always },
  { from: "from-endpoint", to: "to-endpoint", when: { destination: "local-pod", endpointRoutes: false } },
  { from: "from-endpoint", to: "to-endpoint", when: { destination: "local-pod", hostRouting: "bpf" } },
  { from: "from-endpoint", to: "to-stack", when: { hostRouting: "legacy" } },
  { from: "from-endpoint", to: "to-overlay", when: { destination: "elsewhere", tunnel: true } },
  { from: "from-endpoint", to: "to-network", when: { destination: "elsewhere", hostRouting: "bpf" } },
  { from: "from-endpoint", to: "to-host", when: { destination: "host" } },
  { from: "from-endpoint", to: "to-proxy", when: always },
  { from: "to-stack", to: "prerouting", when: always },
  { from: "to-host", to: "host-process", when: always },
  { from: "to-proxy", to: "proxy-process", when: always },
  { from: "proxy-process", to: "from-proxy", when: always },
  { from: "from-proxy", to: "to-endpoint", when: { destination: "local-pod" } },
  { from: "from-proxy", to: "to-overlay", when: { destination: "elsewhere", tunnel: true } },
  { from: "from-proxy", to: "prerouting", when: { destination: "elsewhere" } },
  { from: "to-endpoint", to: "pod", when: { destination: "local-pod" } },

  { from: "wire", to: "from-network", when: always },
  { from: "from-network", to: "prerouting", when: { hostRouting: "legacy" } },
  { from: "from-network", to: "prerouting", when: { destination: "host" } },
  { from: "from-network", to: "to-endpoint", when: { destination: "local-pod", hostRouting: "bpf" } },
  { from: "from-network", to: "to-overlay", when: { destination: "elsewhere", tunnel: true } },
  { from: "from-network", to: "to-network", when: { destination: "elsewhere", hostRouting: "bpf" } },
  { from: "from-network", to: "to-stack", when: always },
  { from: "from-network", to: "tunnel", when: { tunnel: true } },
  { from: "from-network", to: "from-crypto", when: { wireguard: true } },
  { from: "from-crypto", to: "to-endpoint", when: { destination: "local-pod" } },
  { from: "from-crypto", to: "prerouting", when: always },
  { from: "tunnel", to: "from-overlay", when: always },
  { from: "from-overlay", to: "to-endpoint", when: { destination: "local-pod" } },
  { from: "from-overlay", to: "to-stack", when: always },
  { from: "from-overlay", to: "to-network", when: { destination: "elsewhere" } },

  { from: "prerouting", to: "routing", when: always },
  { from: "routing", to: "host-process", when: { destination: "host" } },
  { from: "routing", to: "postrouting", when: always },
  { from: "host-process", to: "routing", when: always },
  { from: "postrouting", to: "from-host", when: { endpointRoutes: false } },
  { from: "postrouting", to: "from-stack", when: { destination: "local-pod", endpointRoutes: true } },
  { from: "postrouting", to: "to-network", when: { destination: "elsewhere" } },
  { from: "from-host", to: "to-endpoint", when: { destination: "local-pod" } },
  { from: "from-host", to: "to-overlay", when: { destination: "elsewhere", tunnel: true } },
  { from: "from-host", to: "to-stack", when: { destination: "elsewhere" } },
  { from: "from-stack", to: "to-endpoint", when: { destination: "local-pod" } },

  { from: "to-overlay", to: "routing", when: always },
  { from: "to-network", to: "to-network", when: always },
  { from: "to-network", to: "to-crypto", when: { wireguard: true } },
  { from: "to-crypto", to: "routing", when: always },
  { from: "to-network", to: "wire", when: always },
];

const silentPlaces: ReadonlySet<DatapathPlaceId> = new Set<DatapathPlaceId>([
  "pod",
  "wire",
  "prerouting",
  "routing",
  "postrouting",
  "host-process",
  "proxy-process",
  "tunnel",
  "dropped",
]);

/** Whether a place emits no event of its own. */
export function isSilent(place: DatapathPlaceId): place is SilentPlaceId {
  return silentPlaces.has(place);
}

/** The place of a trace event's observation point, if this version knows it. */
export function placeOfObservationPoint(observationPoint: string): ObservationPlaceId | undefined {
  const place = observationPoint as DatapathPlaceId;
  return datapathPlaces[place] && !isSilent(place) ? place : undefined;
}

function admits(transition: Transition, facts: DatapathFacts): boolean {
  return (Object.keys(transition.when) as (keyof DatapathFacts)[]).every(
    (fact) => facts[fact] === undefined || facts[fact] === transition.when[fact],
  );
}

type Through = "silent" | "any";

const knownWays = new Map<string, readonly DatapathPlaceId[] | undefined>();

/**
 * The shortest way from one place to another, both included, or `undefined` if there is none.
 *
 * @param facts what is known; transitions that contradict it are closed
 * @param through which places may lie between: `silent` ones only (to fill in what must have happened between two events), or `any`
 */
export function shortestWay(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  facts: DatapathFacts,
  through: Through,
): readonly DatapathPlaceId[] | undefined {
  // A capture asks the same few questions for each of its events.
  const { hostRouting, endpointRoutes, tunnel, wireguard, destination } = facts;
  const key = [from, to, through, hostRouting, endpointRoutes, tunnel, wireguard, destination].join();
  if (!knownWays.has(key)) knownWays.set(key, findWay(from, to, facts, through));
  return knownWays.get(key);
}

/** Breadth first. */
function findWay(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  facts: DatapathFacts,
  through: Through,
): DatapathPlaceId[] | undefined {
  const cameFrom = new Map<DatapathPlaceId, DatapathPlaceId>();
  const queue: DatapathPlaceId[] = [from];
  for (const place of queue) {
    for (const transition of transitions) {
      const next = transition.to;
      if (transition.from !== place || !admits(transition, facts)) continue;
      if (next === to) {
        const way = [next, place];
        for (let at = place; at !== from; ) {
          const before = cameFrom.get(at);
          if (before === undefined) break;
          way.push(before);
          at = before;
        }
        return way.reverse();
      }
      if (next === from || cameFrom.has(next) || (through === "silent" && !isSilent(next))) continue;
      // The ends of the world are no thoroughfare.
      if (next === "pod" || next === "wire" || next === "host-process") continue;
      cameFrom.set(next, place);
      queue.push(next);
    }
  }
  return undefined;
}

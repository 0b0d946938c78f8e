import type { Endpoint } from "../capture/endpoints.js";
import type { Packet } from "../capture/packet.js";
import { containsPrefix } from "../net/prefix.js";
import type { NodeState } from "../state/nodeState.js";
import type { DatapathFacts, DatapathPlaceId } from "./datapathGraph.js";
import { placeOfEvent } from "./observation.js";

/** Pairs of places that only one kind of datapath connects. */
const legacyPairs: ReadonlySet<string> = new Set([
  "to-stack>to-network",
  "from-network>from-host",
  "from-network>from-stack",
]);
const bpfPairs: ReadonlySet<string> = new Set(["from-endpoint>to-network", "from-network>to-endpoint"]);

function seenPairs(packets: readonly Packet[]): Set<string> {
  const pairs = new Set<string>();
  for (const { events } of packets) {
    let before: DatapathPlaceId | undefined;
    for (const { event } of events) {
      const place = placeOfEvent(event);
      if (before !== undefined && place !== undefined) pairs.add(`${before}>${place}`);
      before = place;
    }
  }
  return pairs;
}

/** Whether local endpoints are routed to their own devices, as the longest route to any of their addresses tells. */
function routesTellEndpointRoutes(endpoints: readonly Endpoint[], state: NodeState): boolean | undefined {
  for (const endpoint of endpoints) {
    const routes = [...state.families[endpoint.address.family].tables.values()]
      .flatMap((table) => table.routes)
      .filter((route) => route.dst.length > 0 && containsPrefix(route.dst, endpoint.address));
    const longest = routes.reduce((best, route) => Math.max(best, route.dst.length), 0);
    const devices = routes
      .filter((route) => route.dst.length === longest)
      .flatMap((route) => route.nexthops.map((hop) => hop.dev));
    if (devices.includes("cilium_host")) return false;
    if (devices.some((device) => device !== undefined && device === endpoint.device)) return true;
  }
  return undefined;
}

/**
 * How this node's datapath is set up, as its own packets and routes show it. What neither shows stays undefined, and the graph
 * then admits both ways.
 */
export function inferFacts(
  packets: readonly Packet[],
  endpoints: readonly Endpoint[],
  state: NodeState,
): DatapathFacts {
  const pairs = [...seenPairs(packets)];
  const legacy = pairs.some((pair) => legacyPairs.has(pair));
  const bpf = pairs.some((pair) => bpfPairs.has(pair));
  const endpointRoutes = pairs.includes("from-stack>to-endpoint")
    ? true
    : pairs.includes("from-host>to-endpoint")
      ? false
      : routesTellEndpointRoutes(endpoints, state);
  return {
    ...(legacy === bpf ? {} : { hostRouting: legacy ? "legacy" : "bpf" }),
    ...(endpointRoutes === undefined ? {} : { endpointRoutes }),
    tunnel: isSeen(packets, /-overlay$/),
    wireguard: isSeen(packets, /-crypto$/),
  };
}

function isSeen(packets: readonly Packet[], observationPoint: RegExp): boolean {
  return packets.some(({ events }) =>
    events.some(({ event }) => event.type === "trace" && observationPoint.test(event.observationPoint)),
  );
}

import type { Endpoint } from "../capture/endpoints.js";
import type { Packet } from "../capture/packet.js";
import { type DatapathPlaceId, shortestWay } from "./datapathGraph.js";
import { expectedRoute } from "./expectedRoute.js";
import { firstForwarding } from "./flowAtRouting.js";
import type { PathContext } from "./pathContext.js";
import { egressDevices } from "./settleDecision.js";
import type { Hop, Step } from "./trace.js";

/** The normal way of a packet, and where the observed one leaves it. */
export interface ExpectedWalk {
  readonly hops: readonly Hop[];
  /** Index, the same in both walks, of the first hop that differs. */
  readonly parting: number;
  /** The device the kernel should have sent it by, where a route of the dumps leads to the endpoint. */
  readonly device?: string;
}

/** The places on the way to the pod that every possible set-up of this node passes: what only one of several passes is not claimed. */
function wayToPod(context: PathContext, start: DatapathPlaceId): DatapathPlaceId[] | undefined {
  const { facts } = context;
  const ways = [true, false]
    .filter((endpointRoutes) => facts.endpointRoutes === undefined || facts.endpointRoutes === endpointRoutes)
    .flatMap((endpointRoutes) => {
      const way = shortestWay(start, "pod", { ...facts, endpointRoutes, destination: "local-pod" }, "any");
      return way ? [way] : [];
    });
  return ways[0]?.filter((place) => ways.every((other) => other.includes(place)));
}

/** The first index at which the ways differ, moved back to the routing decision that made them differ. */
function partingOf(observed: readonly Hop[], way: readonly DatapathPlaceId[]): number {
  let index = 0;
  while (index < observed.length && index < way.length && observed[index]?.place === way[index]) index++;
  const routing = observed.slice(0, index).findLastIndex(({ place }) => place === "routing");
  if (routing < 0) return index;
  const seenSince = observed
    .slice(routing + 1, index)
    .some(({ steps }) => steps.some(({ type }) => type === "observed"));
  return seenSince ? index : routing;
}

/**
 * The normal way of a packet for an endpoint of this node that did not reach it: the shortest one through the datapath graph under what
 * is known of the node's set-up, and the route that leads there.
 */
export function expectedWalk(
  context: PathContext,
  packet: Packet,
  observed: readonly Hop[],
  endpoint: Endpoint,
): ExpectedWalk | undefined {
  const start = observed[0]?.place;
  const way = start === undefined ? undefined : wayToPod(context, start);
  if (!way) return undefined;
  const flow = firstForwarding(context, packet);
  const leadsThere = (device: string): boolean => device === "cilium_host" || device === endpoint.device;
  const decision = flow && expectedRoute(context.state, flow, leadsThere);
  const device = decision && egressDevices(decision)[0];
  const parting = partingOf(observed, way);
  const hops = way.map((place, index): Hop => {
    const shared = index < parting ? observed[index] : undefined;
    if (shared) return shared;
    const steps: Step[] =
      place === "routing" && decision && device ? [{ type: "route-expected", decision, device }] : [];
    const ofEndpoint = place === "to-endpoint" || place === "pod";
    const hopDevice = place === "from-host" ? "cilium_host" : place === "to-endpoint" ? endpoint.device : undefined;
    return {
      place,
      ...(hopDevice === undefined ? {} : { device: hopDevice }),
      ...(ofEndpoint ? { endpoint: endpoint.id } : {}),
      steps,
    };
  });
  return { hops, parting, ...(device === undefined ? {} : { device }) };
}

import { type DatapathFacts, type FactName, factValues } from "./datapathFacts.js";
import type { DatapathPlaceId } from "./datapathPlaces.js";
import { expectedRoute } from "./expectedRoute.js";
import { firstForwarding } from "./flowAtRouting.js";
import type { PathContext } from "./pathContext.js";
import { egressDevices } from "./settleDecision.js";
import type { Subject } from "./subject.js";
import type { Hop, Step } from "./trace.js";
import { commonPlaces, isNormalWay, type Way, waysBetween } from "./ways.js";

/** The normal way of a packet, and where the observed one leaves it. */
export interface ExpectedWalk {
  /** The places that all `ways` pass: what only some of them pass is not claimed. */
  readonly hops: readonly Hop[];
  /** Index, the same in both walks, of the first hop that differs. */
  readonly parting: number;
  /** The normal ways under what is known that agree longest with what was seen. */
  readonly ways: readonly Way[];
  /** The facts that would tell which of them it is. */
  readonly openFacts: readonly FactName[];
  /** The device the kernel should have sent it by, where a route of the dumps leads to the endpoint. */
  readonly device?: string;
}

const goals = { "local-pod": "pod", elsewhere: "wire", host: "host-process", proxy: "proxy-process" } as const;

/** How many places a walk has in common with a way, from the start on; places that only the way has count for nothing. */
function agreement(observed: readonly Hop[], { places }: Way): number {
  let index = 0;
  while (index < observed.length && observed[index]?.place === places[index]) index++;
  return index;
}

/** The normal ways that the set-up leaves open and that agree longest with what was seen. */
function normalWays(start: DatapathPlaceId, facts: DatapathFacts, observed: readonly Hop[]): readonly Way[] {
  if (!facts.destination) return [];
  const ways = waysBetween(start, goals[facts.destination], facts, "any").filter((way) => isNormalWay(way, way.facts));
  const longest = Math.max(0, ...ways.map((way) => agreement(observed, way)));
  return ways.filter((way) => agreement(observed, way) === longest);
}

/** The facts whose values would leave fewer of these ways. */
function factsBetween(start: DatapathPlaceId, facts: DatapathFacts, ways: readonly Way[]): FactName[] {
  if (ways.length < 2 || !facts.destination) return [];
  const goal = goals[facts.destination];
  const names = new Set(ways.map(({ places }) => places.join()));
  const left = (known: DatapathFacts): number =>
    waysBetween(start, goal, known, "any").filter(({ places }) => names.has(places.join())).length;
  return (Object.keys(factValues) as FactName[]).filter(
    (fact) =>
      facts[fact] === undefined && factValues[fact].some((value) => left({ ...facts, [fact]: value }) < ways.length),
  );
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
 * The normal way of a packet that did not arrive: the shortest ones through the datapath graph under what is known of the node's set-up,
 * and for an endpoint of this node the route that leads there.
 */
export function expectedWalk(
  context: PathContext,
  { packet, endpoint, facts }: Subject,
  observed: readonly Hop[],
): ExpectedWalk | undefined {
  const start = observed[0]?.place;
  const ways = start === undefined ? [] : normalWays(start, facts, observed);
  if (start === undefined || ways.length === 0) return undefined;
  const places = commonPlaces(ways);
  const flow = endpoint && firstForwarding(context, packet);
  const leadsThere = (device: string): boolean => device === "cilium_host" || device === endpoint?.device;
  const decision = flow && expectedRoute(context.state, flow, leadsThere);
  const device = decision && egressDevices(decision)[0];
  const parting = partingOf(observed, places);
  const hops = places.map((place, index): Hop => {
    const shared = index < parting ? observed[index] : undefined;
    if (shared) return shared;
    const steps: Step[] =
      place === "routing" && decision && device ? [{ type: "route-expected", decision, device }] : [];
    const ofEndpoint = place === "to-endpoint" || place === "pod";
    const hopDevice = place === "from-host" ? "cilium_host" : place === "to-endpoint" ? endpoint?.device : undefined;
    return {
      place,
      ...(hopDevice === undefined ? {} : { device: hopDevice }),
      ...(ofEndpoint && endpoint ? { endpoint: endpoint.id } : {}),
      steps,
    };
  });
  const openFacts = factsBetween(start, facts, ways);
  return { hops, parting, ways, openFacts, ...(device === undefined ? {} : { device }) };
}

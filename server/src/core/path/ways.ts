import { type DatapathFacts, type FactName, factValues } from "./datapathFacts.js";
import { type Transition, transitions } from "./datapathGraph.js";
import { type DatapathPlaceId, datapathPlaces, isSilent } from "./datapathPlaces.js";

/** Which places may lie between: `silent` ones only (to fill in what must have happened between two events), or `any`. */
export type Through = "silent" | "any";

/** A way through the graph, and the set-ups under which it is the shortest. */
export interface Way {
  /** Both ends included. */
  readonly places: readonly DatapathPlaceId[];
  /** One of the set-ups that lead this way, every fact decided. */
  readonly facts: DatapathFacts;
}

const factNames = Object.keys(factValues) as FactName[];

/** A step that is not the normal way weighs more than any normal way is long. */
const detour = 1000;

/** Where walks end and begin: no way leads through. */
const ends: ReadonlySet<DatapathPlaceId> = new Set(["pod", "wire", "host-process", "proxy-process"]);

const stepsFrom = new Map<DatapathPlaceId, readonly Transition[]>(
  (Object.keys(datapathPlaces) as DatapathPlaceId[]).map((place) => [
    place,
    transitions.filter(({ from }) => from === place),
  ]),
);

function admits({ when }: Transition, facts: DatapathFacts): boolean {
  return factNames.every((fact) => when[fact] === undefined || facts[fact] === undefined || facts[fact] === when[fact]);
}

function weight({ onlyIf }: Transition): number {
  return onlyIf === undefined ? 1 : detour;
}

interface Reached {
  readonly place: DatapathPlaceId;
  readonly cost: number;
  readonly before: Reached | undefined;
}

function placesOf(reached: Reached): DatapathPlaceId[] {
  const places: DatapathPlaceId[] = [];
  for (let at: Reached | undefined = reached; at; at = at.before) places.push(at.place);
  return places.reverse();
}

/** The cheapest way under these facts (Dijkstra; the graph has some thirty places). */
function cheapestWay(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  facts: DatapathFacts,
  through: Through,
): Reached | undefined {
  const open: Reached[] = [{ place: from, cost: 0, before: undefined }];
  const done = new Set<DatapathPlaceId>();
  while (open.length > 0) {
    const nearest = open.reduce((best, each) => (each.cost < best.cost ? each : best));
    open.splice(open.indexOf(nearest), 1);
    if (nearest.place === to && nearest.before) return nearest;
    if (done.has(nearest.place)) continue;
    // The start may be the goal as well: `to-network` follows itself.
    if (nearest.before) done.add(nearest.place);
    for (const step of stepsFrom.get(nearest.place) ?? []) {
      const between = step.to !== to;
      if (between && (ends.has(step.to) || done.has(step.to) || step.to === from)) continue;
      if (between && through === "silent" && !isSilent(step.to)) continue;
      if (admits(step, facts)) open.push({ place: step.to, cost: nearest.cost + weight(step), before: nearest });
    }
  }
  return undefined;
}

/** Every set-up that what is known leaves open. */
function setUps(known: DatapathFacts): DatapathFacts[] {
  return factNames.reduce<DatapathFacts[]>(
    (partial, fact) =>
      known[fact] === undefined
        ? partial.flatMap((each) => factValues[fact].map((value) => ({ ...each, [fact]: value })))
        : partial,
    [known],
  );
}

function findWays(from: DatapathPlaceId, to: DatapathPlaceId, facts: DatapathFacts, through: Through): Way[] {
  const found = setUps(facts).flatMap((setUp) => {
    const reached = cheapestWay(from, to, setUp, through);
    return reached ? [{ cost: reached.cost, places: placesOf(reached), facts: setUp }] : [];
  });
  const detours = Math.min(...found.map(({ cost }) => Math.floor(cost / detour)));
  const distinct = new Map<string, Way>();
  for (const { cost, places, facts: setUp } of found) {
    const name = places.join();
    if (Math.floor(cost / detour) === detours && !distinct.has(name)) distinct.set(name, { places, facts: setUp });
  }
  return [...distinct.values()].sort((a, b) => a.places.length - b.places.length);
}

const known = new Map<string, readonly Way[]>();

/**
 * The ways from one place to another, shortest first: for every set-up that the facts leave open its shortest one, each way once. Ways
 * with a step that is not the normal one are there only where no set-up has one without.
 *
 * @param facts what is known; steps that contradict it are closed
 */
export function waysBetween(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  facts: DatapathFacts,
  through: Through,
): readonly Way[] {
  // A capture asks the same few questions for each of its events.
  const key = [from, to, through, ...factNames.map((fact) => facts[fact])].join();
  const answered = known.get(key);
  if (answered) return answered;
  const ways = findWays(from, to, facts, through);
  known.set(key, ways);
  return ways;
}

/** Whether the normal way, without detours, leads there under some set-up that the facts admit. */
export function isNormalWay({ places }: Way, facts: DatapathFacts): boolean {
  return places.slice(1).every((place, index) => {
    const steps = stepsFrom.get(places[index] ?? place) ?? [];
    return steps.some((step) => step.to === place && step.onlyIf === undefined && admits(step, facts));
  });
}

/** The places that all of these ways pass, in the order of the first. */
export function commonPlaces(ways: readonly Way[]): readonly DatapathPlaceId[] {
  const [first, ...others] = ways;
  return first?.places.filter((place) => others.every(({ places }) => places.includes(place))) ?? [];
}

/**
 * The places that a packet must have passed between two that saw it one after the other, whatever the set-up that what is known leaves
 * open; both ends left out. Empty where nothing can be said.
 */
export function passedSilently(
  from: DatapathPlaceId,
  to: DatapathPlaceId,
  facts: DatapathFacts,
): readonly DatapathPlaceId[] {
  return commonPlaces(waysBetween(from, to, facts, "silent")).slice(1, -1);
}

/** Whether any set-up leads from one place to the other through places that emit no event. */
export function mayFollowSilently(from: DatapathPlaceId, to: DatapathPlaceId): boolean {
  return cheapestWay(from, to, {}, "silent") !== undefined;
}

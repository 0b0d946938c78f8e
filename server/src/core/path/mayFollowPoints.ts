import { findObservationPoint } from "../cilium/observationPoints.js";
import { placeOfObservationPoint } from "./datapathPlaces.js";
import { mayFollowSilently } from "./ways.js";

function placeOfCode(code: number) {
  const name = findObservationPoint(String(code))?.name;
  return name === undefined ? undefined : placeOfObservationPoint(name);
}

/**
 * Whether one packet may be seen at the second observation point next when it was last seen at the first, on one node: some way of the
 * datapath graph leads there through places that emit no event, whatever the set-up. Joining asks once for every pair.
 *
 * @param from code of bpf/lib/trace.h; a code that this version does not know follows nothing, and nothing follows it
 * @param to likewise
 */
export function mayFollowPoints(from: number, to: number): boolean {
  const before = placeOfCode(from);
  const after = placeOfCode(to);
  return before !== undefined && after !== undefined && mayFollowSilently(before, after);
}

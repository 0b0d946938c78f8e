import type { Route } from "../iproute/route.js";
import type { Decision } from "./decision.js";

/** What a route does with a packet, as a word that only such routes have: its type, devices and gateways. What is for this host is so by any device. */
export function outcomeOf(route: Route, nexthops: readonly number[]): string {
  return route.type === "local" ? route.type : `${route.type} ${egress(route, nexthops)}`;
}

function egress(route: Route, nexthops: readonly number[]): string {
  return nexthops
    .map((index) => route.nexthops[index])
    .map((hop) => `${hop?.dev ?? ""} ${hop?.via?.value ?? ""}`)
    .sort()
    .join();
}

/**
 * Whether two answers do the same with a packet: the same kind of route, by the same devices to the same gateways, or the same error.
 * Which rule and table said so does not matter. Answers that miss evidence are alike only if they miss the same.
 */
export function sameOutcome(a: Decision, b: Decision): boolean {
  if (a.type === "route" && b.type === "route") {
    return outcomeOf(a.route, a.nexthops) === outcomeOf(b.route, b.nexthops);
  }
  if (a.type === "error" && b.type === "error") return a.error === b.error;
  if (a.type === "missing" && b.type === "missing") return a.missing === b.missing;
  if (a.type === "branch" && b.type === "branch") {
    return a.condition === b.condition && sameOutcome(a.ifMet, b.ifMet) && sameOutcome(a.ifNot, b.ifNot);
  }
  return false;
}

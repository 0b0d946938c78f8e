import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import type { RouteDecision } from "../../fib/decision.js";
import { findTable } from "../../fib/evidence.js";
import { prefixRange, subtractAddresses } from "../../fib/reach/addressRanges.js";
import { asksForAll } from "../../fib/reach/askedPackets.js";
import type { WalkEnd } from "../../fib/reach/decideBy.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";
import { sameOutcome } from "../../fib/sameOutcome.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import { containsPrefix } from "../../net/prefix.js";
import { openLookups } from "./openLookups.js";
import { askingRoutes } from "./routeCuts.js";
import { takenRanges } from "./takenRanges.js";
import type { VictimRoute } from "./victimRoutes.js";

/** Whether an earlier rule that takes the example takes every packet to the route that a rule asks for. Behind a jump nothing is sure. */
export function isTakenBefore(fib: Fib, by: number, at: number, { range }: VictimRoute): boolean {
  if (fib.jumps.length > 0) return false;
  return takenRanges(fib, by, at).some(({ first, last }) => first <= range.first && range.last <= last);
}

/**
 * Whether a rule that passes its example by passes every packet to the route by for which its table has nothing narrower: where the rule
 * matches the example for sure, its table has no answer as wide as the route or wider, whoever asks.
 */
export function isSilent(fib: Fib, compiled: CompiledRule, { kind }: VictimRoute): boolean {
  const { not, never, oif } = compiled.selector;
  return kind !== "lan" && fib.jumps.length === 0 && !not && !never && !oif && !asksMore(fib, compiled);
}

/**
 * Whether what a rule does with its example, an address of the route and of no longer prefix of any table, it does with all packets to the
 * route for which its table has nothing narrower, so that none is lost: its answer is as narrow, or the same as the route's, or another
 * rule would have all of them otherwise.
 */
export function answersAll(
  fib: Fib,
  position: number,
  { kind, route, table }: VictimRoute,
  taken: RouteDecision,
  { decision: otherwise, at }: WalkEnd,
): boolean {
  const compiled = fib.rules?.[position];
  if (!compiled || kind === "lan" || compiled.selector.oif || asksMore(fib, compiled)) return false;
  if (taken.route.dst.length >= route.dst.length) return true;
  if (otherwise.type === "route" && isMovedRoute(otherwise.route, route)) return sameOutcome(taken, otherwise);
  const decider = fib.rules?.[at];
  if (!decider || decider.tableId === table || fib.jumps.length > 0 || !asksForAll(decider, compiled)) return false;
  const { to } = decider.rule;
  if (to && !containsPrefix(to, route.dst)) return false;
  const isWhole = subtractAddresses([prefixRange(route.dst)], endingDestinations(fib, decider, null)).length === 0;
  return isWhole && openLookups(fib, position, table, at).next().done === true;
}

/** Whether a rule's table has routes that ask for more than the destination. */
function asksMore(fib: Fib, compiled: CompiledRule): boolean {
  const table = findTable(fib, compiled);
  return table !== undefined && "table" in table && askingRoutes(table.table).length > 0;
}

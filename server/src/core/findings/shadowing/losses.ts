import { type AddressClasses, exampleWithin } from "../../fib/addressClasses.js";
import { addressKey } from "../../fib/addressKey.js";
import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import type { RouteDecision } from "../../fib/decision.js";
import { findTable } from "../../fib/evidence.js";
import { type FlowMaker, flowMakers } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import type { Flow } from "../../fib/flow.js";
import { longestMatch } from "../../fib/prefixLeaves.js";
import { type AddressRange, prefixRange } from "../../fib/reach/addressRanges.js";
import { decideBy, endOfWalk } from "../../fib/reach/decideBy.js";
import { exampleDestinations } from "../../fib/reach/exampleDestinations.js";
import type { RuleIndex } from "../../fib/reach/ruleIndex.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import { sameOutcome } from "../../fib/sameOutcome.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, type Family, sameAddress } from "../../net/address.js";
import { containsPrefix } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Victim, VictimKind } from "../finding.js";
import { hiddenLoss, type IsLost } from "./hiddenLoss.js";
import { answersAll, isSilent, isTakenBefore } from "./settledRoutes.js";
import { firstBehind, overlappingRoutes, routesAcross } from "./sortedRoutes.js";
import { takenRanges } from "./takenRanges.js";
import { isTunnelDevice, victimKinds } from "./victimKind.js";
import type { VictimRoute, VictimRoutes } from "./victimRoutes.js";

/** What the search for victims knows of a state. */
export interface VictimSearch {
  readonly state: NodeState;
  readonly fib: Fib;
  readonly index: RuleIndex;
  readonly examples: AddressClasses;
}

/** More victims than this nobody reads, and no narrow repair would name them. */
export const victimLimit = 256;

/** More routes than this are not tried for one rule. */
export const tryLimit = 1024;

/** Prepares the search. */
export function victimSearch(state: NodeState, family: Family): VictimSearch {
  return {
    state,
    fib: fibOf(state, family),
    index: ruleIndexOf(state, family),
    examples: exampleDestinations(state, family),
  };
}

/** That a rule takes packets away from a route: whoever wants to know more looks the example flow up. */
export interface Loss {
  readonly kind: VictimKind;
  /** As it was read, perhaps at another place of a text that was edited since. */
  readonly route: Route;
  /** The table the route is in. */
  readonly table: number;
  /** A packet that the rule decides, and that reaches the route when the rule is not there. */
  readonly flow: Flow;
}

/** The routes that a rule takes packets away from, of some. */
export interface FoundLosses {
  /** The heaviest kind first, then in the order of their destinations. */
  readonly losses: readonly Loss[];
  /** How many routes had to be tried. */
  readonly tries: number;
  /** Where the search ended before it came to the last route: of those that begin behind this address none was looked at. */
  readonly until?: bigint;
}

/** What a rule finds that takes nothing, whatever routes there are. */
const noLosses: FoundLosses = { losses: [], tries: 0 };

/**
 * The routes that a rule takes packets away from, of those given: for each, an example flow that the rule decides, and that reaches the
 * route when the rule is not there. Found by comparing the two look-ups, never by the look of the rules; a look-up that comes to no
 * answer for want of a table names no victim.
 *
 * @param routes their list in the order of destinations; those that no packet of the rule can lose may be left out.
 * @param limit stops after so many victims.
 */
export function lossesAmong(
  search: VictimSearch,
  at: number,
  { list, lastLookups }: VictimRoutes,
  limit = victimLimit,
): FoundLosses {
  const { fib } = search;
  const compiled = fib.rules?.[at];
  if (!compiled || list.length === 0 || !mayTake(fib, compiled)) return noLosses;
  const { rule } = compiled;
  const routes = rule.to && !rule.not ? overlappingRoutes(list, prefixRange(rule.to)) : list;
  let flowsTo: readonly FlowMaker[] | undefined;
  const losses: Loss[] = [];
  let tries = 0;
  for (let next = 0; next < routes.length; next++) {
    const candidate = routes[next] as VictimRoute;
    const taken = tryRoute(candidate);
    if (losses.length >= limit || tries >= tryLimit)
      return { losses: byKind(losses), tries, until: candidate.range.first };
    if (!taken) continue;
    const behind = firstBehind(routes, taken.last + 1n);
    // What reaches beyond the range may have its example elsewhere.
    for (const across of routesAcross(routes, behind, taken.last + 1n)) {
      if (across.range.first > candidate.range.first) tryRoute(across);
    }
    next = behind - 1;
  }
  return { losses: byKind(losses), tries };

  /** Looks for a victim; answers with the taken range around it where an earlier rule has all packets of the rule to there. */
  function tryRoute(candidate: VictimRoute): AddressRange | undefined {
    if ((lastLookups.get(candidate.table) ?? -1) <= at) return undefined;
    if (candidate.decidedAt < at || asksElsewhere(rule, candidate)) return undefined;
    const dst = exampleInside(search, rule, candidate);
    if (dst && answersAsNarrowly(fib, compiled as CompiledRule, dst, candidate)) return undefined;
    tries++;
    if (!dst) {
      seekFurther(candidate);
      return undefined;
    }
    flowsTo ??= flowMakers(rule, search.state);
    const { loss, takenBefore, isSettled } = lossAt(search, at, candidate, flowsTo, dst);
    if (loss) losses.push(loss);
    else if (!isSettled) seekFurther(candidate);
    if (takenBefore === undefined || fib.jumps.length > 0) return undefined;
    // What an earlier rule takes away from this one as a whole need not be tried route by route.
    const { first, last } = candidate.range;
    return takenRanges(fib, takenBefore, at).find((taken) => taken.first <= first && last <= taken.last);
  }

  function seekFurther(candidate: VictimRoute): void {
    const isLost: IsLost = (taken, otherwise) => losesTo(rule, candidate, taken, otherwise);
    const flow = hiddenLoss(search, at, candidate, isLost);
    if (flow) losses.push({ kind: candidate.kind, route: candidate.route, table: candidate.table, flow });
  }
}

function byKind(losses: Loss[]): readonly Loss[] {
  return losses.sort((a, b) => victimKinds.indexOf(a.kind) - victimKinds.indexOf(b.kind));
}

/** Whether a rule looks up a table that has routes. */
function mayTake(fib: Fib, compiled: CompiledRule): boolean {
  const table = compiled.rule.l3mdev ? undefined : findTable(fib, compiled);
  return table !== undefined && "table" in table && table.table.routes.length > 0;
}

function asksElsewhere({ to, not }: Rule, { route }: VictimRoute): boolean {
  return to !== undefined && !not && !containsPrefix(to, route.dst) && !containsPrefix(route.dst, to);
}

/** An address of the route that the rule asks for, and of no longer prefix of any table. */
function exampleInside(
  { examples }: VictimSearch,
  { to, not }: Rule,
  { route, example }: VictimRoute,
): Address | undefined {
  if (!to || not || containsPrefix(to, route.dst)) return example;
  return exampleWithin(examples, to);
}

/**
 * Whether a rule's own table has, whatever the packet, an answer that is as narrow as the route, so that nothing is taken away. Most rules
 * lead to the very route, and need no walk to tell. Only for IPv4, where the longest prefix alone decides.
 */
function answersAsNarrowly(fib: Fib, compiled: CompiledRule, dst: Address, { kind, route }: VictimRoute): boolean {
  const { rule } = compiled;
  const bound = rule.oif !== undefined || rule.suppressPrefixLength !== undefined || rule.suppressIfGroup !== undefined;
  const table = fib.family === 4 && !bound ? findTable(fib, compiled) : undefined;
  if (!table || "type" in table) return false;
  const { index, plain } = table;
  const leaf = longestMatch(index, addressKey(dst));
  if (leaf < 0 || plain[index.starts[leaf] as number] !== 1) return false;
  const length = index.lengths[leaf] as number;
  return kind === "lan" ? length > route.dst.length : length >= route.dst.length;
}

interface Attempt {
  readonly loss?: Loss;
  /** The earlier rule that has the packets, so that the rule in question never gets them. */
  readonly takenBefore?: number;
  /** Whether no other packet can show more than the examples did. */
  readonly isSettled: boolean;
}

function lossAt(
  search: VictimSearch,
  at: number,
  candidate: VictimRoute,
  flowsTo: readonly FlowMaker[],
  dst: Address,
): Attempt {
  const { fib, index } = search;
  const compiled = fib.rules?.[at];
  if (!compiled) return { isSettled: true };
  const { rule } = compiled;
  const { kind, route } = candidate;
  const isWhole = dst === candidate.example;
  let takenBefore: number | undefined;
  let isSettled = false;
  for (const flowTo of flowsTo) {
    const flow = flowTo(dst);
    // What came in by a device was sent by no socket, and what somebody sends to its own address never comes to another host's rules.
    if ((flow.iif !== "lo" && flow.uid !== 0) || sameAddress(flow.src ?? undefined, dst)) continue;
    const { decision: taken, at: by } = endOfWalk(fib, index, flow);
    if (by < at && (taken.type === "error" || taken.type === "route")) takenBefore = by;
    if (by !== at || taken.type !== "route") {
      isSettled ||= by < at ? isTakenBefore(fib, by, at, candidate) : isSilent(fib, compiled, candidate);
      continue;
    }
    const otherwise = endOfWalk(fib, index, flow, at);
    if (otherwise.decision.type === "route" && losesTo(rule, candidate, taken, otherwise.decision)) {
      return { loss: { kind, route, table: candidate.table, flow }, isSettled: true };
    }
    isSettled ||= isWhole && answersAll(fib, at, candidate, taken, otherwise);
  }
  return takenBefore === undefined ? { isSettled } : { takenBefore, isSettled };
}

/** Whether a rule takes from a route what would go there otherwise. */
function losesTo(rule: Rule, candidate: VictimRoute, taken: RouteDecision, otherwise: RouteDecision): boolean {
  const { kind, route } = candidate;
  const isAstray =
    kind === "lan" ? leadsLanAway(rule, taken, candidate) : taken.route.dst.length < candidate.route.dst.length;
  return isAstray && isMovedRoute(otherwise.route, route) && !sameOutcome(taken, otherwise);
}

/**
 * Whether a directly connected network is sent into a tunnel by a route that names it, or a part of what it is in: a VPN's peer announced
 * the very network the node is in. A default route into a tunnel is meant to take everything, and rules for certain sources, marks or
 * devices are meant for these.
 */
function leadsLanAway(rule: Rule, taken: RouteDecision, { route }: VictimRoute): boolean {
  const { length } = taken.route.dst;
  const narrow = rule.from ?? rule.fwmark ?? rule.iif ?? rule.oif ?? rule.uidrange ?? rule.ipproto;
  const tunnelled = taken.nexthops.some((hop) => isTunnelDevice(taken.route.nexthops[hop]?.dev ?? ""));
  return narrow === undefined && tunnelled && length > 1 && length <= route.dst.length;
}

/** The routes with the look-ups of an example packet, as the rules are and without the one at a position. */
export function victimsOf({ fib, index }: VictimSearch, at: number, losses: readonly Loss[]): Victim[] {
  return losses.flatMap(({ kind, flow }) => {
    const taken = decideBy(fib, index, flow);
    const otherwise = decideBy(fib, index, flow, at);
    const isLost = taken.type === "route" && otherwise.type === "route";
    return isLost ? [{ kind, route: otherwise.route, taken, otherwise }] : [];
  });
}

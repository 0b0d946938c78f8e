import { type AddressClasses, exampleWithin } from "../../fib/addressClasses.js";
import { addressKey } from "../../fib/addressKey.js";
import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import type { RouteDecision } from "../../fib/decision.js";
import { findTable } from "../../fib/evidence.js";
import { flowsMatching } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import { longestMatch } from "../../fib/prefixIndex.js";
import { prefixRange } from "../../fib/reach/addressRanges.js";
import { decideBy } from "../../fib/reach/decideBy.js";
import type { RuleIndex } from "../../fib/reach/ruleIndex.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import { sameOutcome } from "../../fib/sameOutcome.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, sameAddress } from "../../net/address.js";
import { containsPrefix } from "../../net/prefix.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Victim } from "../finding.js";
import { takenRanges } from "./takenRanges.js";
import { isTunnelDevice, victimKinds } from "./victimKind.js";
import { firstBehind, overlappingRoutes, type VictimRoute } from "./victimRoutes.js";

/** What the search for victims knows of a state. */
export interface VictimSearch {
  readonly state: NodeState;
  readonly fib: Fib;
  readonly index: RuleIndex;
  readonly examples: AddressClasses;
  /** The position of a rule of the list. */
  readonly positionOf: (rule: Rule | undefined) => number | undefined;
  /** Whether a `goto` can lead past rules. */
  readonly jumps: boolean;
}

/** More victims than this nobody reads, and no narrow repair would name them. */
export const victimLimit = 256;

/** More routes than this are not tried for one rule. */
const tryLimit = 1024;

/** Prepares the search. */
export function victimSearch(state: NodeState, examples: AddressClasses): VictimSearch {
  const { family } = examples;
  const fib = fibOf(state, family);
  const rules = fib.rules ?? [];
  // Most searches come to no rule at all.
  let positions: ReadonlyMap<Rule | undefined, number> | undefined;
  return {
    state,
    fib,
    index: ruleIndexOf(state, family),
    examples,
    positionOf(rule) {
      positions ??= new Map(rules.map((compiled, at) => [compiled.rule, at]));
      return positions.get(rule);
    },
    jumps: rules.some(({ target }) => target !== undefined),
  };
}

/**
 * The routes that a rule takes packets away from, of those given: for each, an example flow that the rule decides, and that reaches the
 * route when the rule is not there. Found by comparing the two look-ups, never by the look of the rules; a look-up that comes to no
 * answer for want of a table names no victim.
 *
 * @param all in the order of their destinations; those that no packet of the rule can lose may be left out.
 * @param limit stops after so many victims.
 */
export function victimsAmong(
  search: VictimSearch,
  at: number,
  all: readonly VictimRoute[],
  limit = victimLimit,
): Victim[] {
  const compiled = search.fib.rules?.[at];
  if (!compiled || !mayTake(search.fib, compiled)) return [];
  const { rule } = compiled;
  const routes = rule.to && !rule.not ? overlappingRoutes(all, prefixRange(rule.to)) : all;
  const victims: Victim[] = [];
  let tries = 0;
  for (let next = 0; next < routes.length && victims.length < limit && tries < tryLimit; next++) {
    const candidate = routes[next] as VictimRoute;
    if (candidate.lastLookup <= at) continue;
    const dst = exampleInside(search, rule, candidate);
    if (!dst || (dst === candidate.example && candidate.decidedAt < at)) continue;
    if (answersAsNarrowly(search.fib, compiled, dst, candidate)) continue;
    tries++;
    const found = victimAt(search, at, candidate, dst);
    if (found.victim) victims.push(found.victim);
    // What an earlier rule takes away from this one as a whole need not be tried route by route.
    else if (found.takenBefore !== undefined && !search.jumps)
      next = skip(routes, next, takenRanges(search.fib, found.takenBefore, at));
  }
  return victims.sort((a, b) => victimKinds.indexOf(a.kind) - victimKinds.indexOf(b.kind));
}

/** Whether a rule looks up a table that has routes. */
function mayTake(fib: Fib, compiled: CompiledRule): boolean {
  const table = compiled.rule.l3mdev ? undefined : findTable(fib, compiled);
  return table !== undefined && "table" in table && table.table.routes.length > 0;
}

/** An address of the route that the rule asks for. */
function exampleInside(
  { examples }: VictimSearch,
  { to, not }: Rule,
  { route, example }: VictimRoute,
): Address | undefined {
  if (!to || not || containsPrefix(to, route.dst)) return example;
  return containsPrefix(route.dst, to) ? exampleWithin(examples, to) : undefined;
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
  readonly victim?: Victim;
  /** The earlier rule that has the packets, so that the rule in question never gets them. */
  readonly takenBefore?: number;
}

function victimAt(
  { state, fib, index, positionOf }: VictimSearch,
  at: number,
  candidate: VictimRoute,
  dst: Address,
): Attempt {
  const rules = fib.rules ?? [];
  const rule = rules[at]?.rule;
  if (!rule) return {};
  const { kind, route } = candidate;
  let takenBefore: number | undefined;
  for (const flow of flowsMatching(rule, dst, state)) {
    // What somebody sends to its own address never comes to another host's rules.
    if (sameAddress(flow.src ?? undefined, dst)) continue;
    const taken = decideBy(fib, index, flow);
    if (taken.type === "error" || taken.type === "route") {
      const by = positionOf(taken.rule) ?? at;
      if (by < at) takenBefore = by;
    }
    if (taken.type !== "route" || taken.rule !== rule) continue;
    const misledLan = kind === "lan";
    if (misledLan ? !leadsLanAway(rule, taken, candidate) : taken.route.dst.length >= route.dst.length) continue;
    const otherwise = decideBy(fib, index, flow, at);
    if (otherwise.type !== "route" || otherwise.route !== route || sameOutcome(taken, otherwise)) continue;
    return { victim: { kind, route, taken, otherwise } };
  }
  return takenBefore === undefined ? {} : { takenBefore };
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

/** The last of the routes behind `at` that lie in the same taken range. */
function skip(routes: readonly VictimRoute[], at: number, taken: ReturnType<typeof takenRanges>): number {
  const first = routes[at] as VictimRoute;
  const range = taken.find((each) => each.first <= first.range.first && first.range.last <= each.last);
  if (!range) return at;
  // A route that begins inside of the range may reach beyond it; then its example is another rule's matter, and it is left out.
  return Math.max(at, firstBehind(routes, range.last + 1n) - 1);
}

import { describeDevice, isCniDevice } from "../cilium/devices.js";
import { decide } from "../fib/decide.js";
import { exampleAddress, flowsMatching } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import { networkOf, prefixesOverlap } from "../net/prefix.js";
import { removeRule } from "../state/editRules.js";
import { type NodeState, tableId } from "../state/nodeState.js";
import type { Victim, VictimKind } from "./finding.js";

/** How much the loss of a route weighs, by where it leads. Heaviest first. */
export const victimKinds: readonly VictimKind[] = ["pods", "tunnel", "subnet", "bridge", "other"];

function victimKind({ nexthops: [first] }: Route): VictimKind {
  const device = first?.dev ?? "";
  if (isCniDevice(device)) return "pods";
  const description = describeDevice(device);
  if (description?.kind === "bridge" || /^(?:docker|virbr|lxdbr|br-|podman)/.test(device)) return "bridge";
  if (
    description?.kind === "tunnel" ||
    description?.kind === "encryption" ||
    /^(?:wg|tun|tap|ipsec|vti|gre|ppp)/.test(device)
  ) {
    return "tunnel";
  }
  return first?.via === undefined ? "subnet" : "other";
}

/** The routes of all tables that rules behind this one look up. */
function laterRoutes(state: NodeState, rule: Rule): Route[] {
  const family = state.families[rule.family];
  const rules = family.rules ?? [];
  const routes = new Set<Route>();
  for (const later of rules.slice(rules.indexOf(rule) + 1)) {
    if (later.action.type !== "lookup") continue;
    const id = tableId(state, later.action.table);
    for (const route of (id !== undefined && family.tables.get(id)?.routes) || []) routes.add(route);
  }
  return [...routes];
}

/**
 * The routes that a rule takes packets away from: for each more specific route of a table that a later rule looks up, an example flow that
 * the rule decides, and that reaches the route when the rule is not there. Found by comparing the two look-ups, never by the look of
 * the rules; a look-up that comes to no answer for want of a table names no victim.
 */
export function victimsOf(state: NodeState, rule: Rule): Victim[] {
  const family = state.families[rule.family];
  const before = fibOf(state, rule.family);
  const without = fibOf(removeRule(state, rule), rule.family);
  const prefixes = [...family.tables.values()].flatMap(({ routes }) => routes.map(({ dst }) => dst));
  const victims: Victim[] = [];
  for (const route of laterRoutes(state, rule)) {
    if (route.type !== "unicast" || route.dst.length === 0) continue;
    if (rule.to && !rule.not && !prefixesOverlap(rule.to, route.dst)) continue;
    const within = rule.to && !rule.not && rule.to.length > route.dst.length ? networkOf(rule.to) : route.dst;
    const dst = exampleAddress(within, prefixes);
    const victim =
      dst &&
      flowsMatching(rule, dst, state)
        .map((flow) => victimOf(flow))
        .find((found) => found !== undefined);
    if (victim) victims.push(victim);

    function victimOf(flow: Flow): Victim | undefined {
      const taken = decide(before, flow);
      if (taken.type !== "route" || taken.rule !== rule || taken.route.dst.length >= route.dst.length) return undefined;
      const otherwise = decide(without, flow);
      if (otherwise.type !== "route" || otherwise.route !== route || sameOutcome(taken, otherwise)) return undefined;
      return { kind: victimKind(route), route, taken, otherwise };
    }
  }
  return victims.sort((a, b) => victimKinds.indexOf(a.kind) - victimKinds.indexOf(b.kind));
}

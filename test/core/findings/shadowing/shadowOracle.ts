import type { CaseNode } from "../../../../server/src/core/case/case.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import type { RouteDecision } from "../../../../server/src/core/fib/decision.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import type { Flow } from "../../../../server/src/core/fib/flow.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import type { VictimKind } from "../../../../server/src/core/findings/finding.js";
import { takesOnPurpose } from "../../../../server/src/core/findings/knownOwner.js";
import { shadowingRule } from "../../../../server/src/core/findings/shadowing/shadowingRule.js";
import { graveKind, isGrave, isTunnelDevice } from "../../../../server/src/core/findings/shadowing/victimKind.js";
import { printRoute } from "../../../../server/src/core/iproute/printRoute.js";
import type { Route } from "../../../../server/src/core/iproute/route.js";
import type { Rule } from "../../../../server/src/core/iproute/rule.js";
import { type Family, sameAddress } from "../../../../server/src/core/net/address.js";
import { containsPrefix } from "../../../../server/src/core/net/prefix.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";
import type { Difference } from "../../../generate/difference.js";
import { packetKinds } from "../../../generate/packetKinds.js";
import { showFlow, type Walked, walkEvery, withActing } from "../../../generate/walkEvery.js";

/** The victims that `shadowing-rule` names, against those that packets of every kind show. */
export interface ShadowComparison {
  readonly differences: readonly Difference[];
  readonly counts: { readonly victims: number };
}

/** Compares the routes whose packets each rule is said to take with those it takes. */
export function compareShadows(node: CaseNode, family: Family): ShadowComparison {
  const { state } = node;
  const walked = walkEvery(fibOf(state, family), packetKinds([state], family));
  const { rules = [] } = state.families[family];
  const told = new Map(
    shadowingRule
      .check(node)
      .flatMap(({ data }) =>
        data.code === "shadowing-rule" ? [[data.rule, data.victims.filter(isGrave).map(({ route }) => route)]] : [],
      ),
  );
  let count = 0;
  const differences = rules.flatMap((rule): Difference[] => {
    const said = told.get(rule) ?? [];
    const victims = victimsOf(node, rule, walked);
    count += victims.length;
    const name = (route: Route) => `${rule.priority} ${said.length === 0 ? "(silent) " : ""}${printRoute(route)}`;
    const missed = victims.filter(({ route }) => !said.includes(route));
    return [
      ...said
        .filter((route) => !victims.some((victim) => victim.route === route))
        .map((route) => ({ text: `${name(route)} is not taken from` })),
      ...missed.map(({ route, flow }) => ({
        text: `${name(route)} is missed: ${showFlow(flow)}`,
        ...(hasRivals(state, flow) && { known: "of IPv6 routes alike, one by the packet's own device is preferred" }),
      })),
    ];
  });
  return { differences, counts: { victims: count } };
}

/** A route that a rule takes packets away from. */
interface ShownVictim {
  readonly route: Route;
  readonly flow: Flow;
}

/** Whether a packet that came in by a device may find several IPv6 routes to one prefix. */
function hasRivals({ families }: NodeState, { family, iif, dst }: Flow): boolean {
  if (family === 4 || iif === "lo") return false;
  return [...families[family].tables.values()].some(({ routes }) => {
    const around = routes.filter((route) => containsPrefix(route.dst, dst)).map((route) => route.dst.length);
    return new Set(around).size < around.length;
  });
}

function victimsOf({ state }: CaseNode, rule: Rule, walked: readonly Walked[]): ShownVictim[] {
  if (rule.action.type !== "lookup" || takesOnPurpose(rule)) return [];
  const without = withActing(state, rule.family, (other) => other !== rule);
  const taken = new Map<Route, Flow>();
  for (const { flow, decision } of walked) {
    if (decision.type !== "route" || decision.rule !== rule || isToItself(flow)) continue;
    const otherwise = decide(without, flow);
    if (otherwise.type !== "route" || sameOutcome(decision, otherwise)) continue;
    const { route } = otherwise;
    if (route.type !== "unicast" || route.dst.length === 0) continue;
    const kind = graveKind(route, state.families[rule.family]);
    if (kind && isFault(kind, decision, route) && !taken.has(route)) taken.set(route, flow);
  }
  return [...taken].map(([route, flow]) => ({ route, flow }));
}

/** What somebody sends to its own address never comes to another host's rules. */
function isToItself({ src, dst }: Flow): boolean {
  return sameAddress(src ?? undefined, dst);
}

/** Whether it is a fault that packets take one route and not another one. */
function isFault(kind: VictimKind, { rule, route, nexthops }: RouteDecision, otherwise: Route): boolean {
  if (kind !== "lan") return route.dst.length < otherwise.dst.length;
  // A tunnel that announces the node's own network, or a part of what that is in. Rules for certain packets are meant for these.
  const { from, fwmark, iif, oif, uidrange, ipproto } = rule;
  const isNarrow = [from, fwmark, iif, oif, uidrange, ipproto].some((asked) => asked !== undefined);
  const entersTunnel = nexthops.some((hop) => isTunnelDevice(route.nexthops[hop]?.dev ?? ""));
  return !isNarrow && entersTunnel && route.dst.length > 1 && route.dst.length <= otherwise.dst.length;
}

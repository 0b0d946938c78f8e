import type { Decision } from "../../fib/decision.js";
import { fibOf } from "../../fib/fibOf.js";
import { decideBy } from "../../fib/reach/decideBy.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { groupBy } from "../groupBy.js";
import { takesOnPurpose } from "../knownOwner.js";
import { lossesAmong, victimSearch } from "./losses.js";
import type { Shadow } from "./shadowsIn.js";
import { isTunnelDevice, victimKind } from "./victimKind.js";
import { victimRoutes } from "./victimRoutes.js";

/** More bridges than this nobody reads. */
const bridgeLimit = 32;

/** Rules that are tried; a list in which more may do so has one that speaks for them. */
const triedRules = 128;

/**
 * The rules that take packets away from bridges of containers or virtual machines and from nothing graver. A source rule for a second
 * NIC, whose table knows the NIC only, does so: what the containers answer by that address, and what the node sends them from it, leaves
 * by the NIC (moby/moby#35251). Whether anybody uses the bridge by that address no dump tells.
 *
 * Of rules to the same table the first one speaks for the others. A default route into a tunnel is meant to take everything, and a rule
 * that asks for a fwmark, a device, a user or a protocol is meant for just these packets.
 *
 * @param said rules that are blamed already.
 */
export function bridgeShadows(state: NodeState, family: Family, said: ReadonlySet<Rule>): Shadow[] {
  const fib = fibOf(state, family);
  if (!fib.rules || fib.merged) return [];
  const bridges = bridgeRoutes(state, family);
  if (bridges.list.length === 0) return [];
  const search = victimSearch(state, family);
  const suspects: { readonly at: number; readonly rule: Rule; readonly tableId: number | undefined }[] = [];
  for (const [at, { rule, tableId }] of fib.rules.entries()) {
    if (isSuspect(rule, tableId, said)) suspects.push({ at, rule, tableId });
    if (suspects.length === triedRules) break;
  }
  return [...groupBy(suspects, ({ tableId }) => tableId).values()].flatMap((rules): Shadow[] => {
    let first: Shadow | undefined;
    const alike: Rule[] = [];
    for (const { at, rule } of rules) {
      const { losses } = lossesAmong(search, at, bridges, first ? 1 : bridgeLimit);
      const astray = losses.filter(({ flow }) => !entersTunnel(decideBy(search.fib, search.index, flow)));
      if (first && astray.length > 0) alike.push(rule);
      else if (astray.length > 0) first = { rule, at, losses: astray, alike };
    }
    return first ? [first] : [];
  });
}

const bridgeRoutes = victimRoutes(bridgeKind);

function isSuspect(rule: Rule, tableId: number | undefined, said: ReadonlySet<Rule>): boolean {
  return tableId !== undefined && !said.has(rule) && asksForAddressesOnly(rule) && !takesOnPurpose(rule);
}

/** A bridge without a link has no container. */
function bridgeKind(route: Route): "bridge" | undefined {
  const isUp = route.nexthops.some(({ flags }) => !flags.includes("linkdown"));
  return isUp && victimKind(route) === "bridge" ? "bridge" : undefined;
}

function asksForAddressesOnly({ not, fwmark, iif, oif, uidrange, ipproto, dport, sport }: Rule): boolean {
  return !not && [fwmark, iif, oif, uidrange, ipproto, dport, sport].every((selector) => selector === undefined);
}

/** Whether the packets are taken by a default route, or its two halves, into a tunnel. */
function entersTunnel(taken: Decision): boolean {
  if (taken.type !== "route") return false;
  const { route, nexthops } = taken;
  return route.dst.length <= 1 && nexthops.some((hop) => isTunnelDevice(route.nexthops[hop]?.dev ?? ""));
}

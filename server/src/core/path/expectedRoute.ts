import type { RouteDecision } from "../fib/decision.js";
import { removeRule } from "../state/editRules.js";
import type { NodeState } from "../state/nodeState.js";
import { lookupRouted, type RoutedPacket } from "./routedPacket.js";
import { egressDevices } from "./settleDecision.js";

/**
 * The look-up as it would come out without the rules that lead away: deciding rules are taken out, one after the other, until the
 * packet goes by a device for which `leadsThere` holds. `undefined` where no table of a remaining rule has such a route.
 */
export function expectedRoute(
  state: NodeState,
  packet: RoutedPacket,
  leadsThere: (device: string) => boolean,
): RouteDecision | undefined {
  let remaining = state;
  for (;;) {
    const decision = lookupRouted(remaining, packet);
    if (decision.type !== "route") return undefined;
    const devices = egressDevices(decision);
    if (devices.length > 0 && devices.every(leadsThere)) return decision;
    const before = remaining.families[decision.rule.family].rules?.length;
    remaining = removeRule(remaining, decision.rule);
    if (remaining.families[decision.rule.family].rules?.length === before) return undefined;
  }
}

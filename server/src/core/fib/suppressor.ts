import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { Link } from "../iproute/section.js";
import type { Assumption } from "./decision.js";

export interface Suppression {
  readonly suppressed: boolean;
  readonly assumption?: Assumption;
}

const kept: Suppression = { suppressed: false };
const dropped: Suppression = { suppressed: true };

/**
 * Whether a rule's suppressors drop a route that its table gave (fib4_rule_suppress, fib6_rule_suppress). IPv4 asks for the group of
 * the first nexthop's device, IPv6 for that of the nexthop which the flow hash chose.
 */
export function suppresses(
  rule: Rule,
  route: Route,
  usable: readonly number[],
  links: ReadonlyMap<string, Link>,
): Suppression {
  if (rule.suppressPrefixLength !== undefined && route.dst.length <= rule.suppressPrefixLength) return dropped;
  if (rule.suppressIfGroup === undefined) return kept;
  const hops = rule.family === 4 ? [0] : usable;
  const devices = hops.flatMap((at) => route.nexthops[at]?.dev ?? []);
  const inGroup = devices.map((device) => isInGroup(links.get(device)?.group, rule.suppressIfGroup));
  if (inGroup.includes(undefined)) {
    const [device] = devices.filter((_, at) => inGroup[at] === undefined);
    return {
      suppressed: false,
      assumption: {
        text: `${device} is not in device group ${rule.suppressIfGroup}`,
        command: `ip link show ${device}`,
      },
    };
  }
  if (inGroup.length > 0 && inGroup.every(Boolean)) return dropped;
  if (!inGroup.some(Boolean)) return kept;
  return {
    suppressed: false,
    assumption: { text: `the flow hash chooses a nexthop outside of device group ${rule.suppressIfGroup}` },
  };
}

/** `default` is group 0 in /etc/iproute2/group. */
function isInGroup(group: string | undefined, wanted: number | string | undefined): boolean | undefined {
  return group === undefined ? undefined : groupKey(group) === groupKey(wanted);
}

function groupKey(group: number | string | undefined): string {
  return group === "default" ? "0" : `${group}`;
}

import type { NumberRange } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { formatPrefix } from "../../net/prefix.js";
import { type DeviceShare, deviceShares, type FormWriter } from "./formWriter.js";
import { type LastingRoute, type LastingRule, withLength } from "./lasting.js";
import { attributePairs } from "./routeParts.js";
import { usualRuleParts } from "./ruleParts.js";

function fwmarkWord({ value, mask }: MaskedValue): string {
  return mask === 0xffffffff ? `${value}` : `${value}/${mask}`;
}

function range({ start, end }: NumberRange): string {
  return start === end ? `${start}` : `${start}-${end}`;
}

function ports(key: string, ports: NumberRange | MaskedValue | undefined): string[] {
  return ports && "start" in ports ? [`${key}=${range(ports)}`] : [];
}

function ruleSection({ rule, table }: LastingRule): string {
  return [
    "[RoutingPolicyRule]",
    ...(rule.not ? ["InvertRule=yes"] : []),
    ...(rule.from ? [`From=${formatPrefix(rule.from)}`] : []),
    ...(rule.to ? [`To=${formatPrefix(rule.to)}`] : []),
    ...(rule.tos === undefined ? [] : [`TypeOfService=${rule.tos}`]),
    ...(rule.fwmark ? [`FirewallMark=${fwmarkWord(rule.fwmark)}`] : []),
    ...(rule.iif ? [`IncomingInterface=${rule.iif.name}`] : []),
    ...(rule.oif ? [`OutgoingInterface=${rule.oif.name}`] : []),
    ...(rule.uidrange ? [`User=${range(rule.uidrange)}`] : []),
    ...(rule.ipproto === undefined ? [] : [`IPProtocol=${rule.ipproto}`]),
    ...ports("SourcePort", rule.sport),
    ...ports("DestinationPort", rule.dport),
    ...(table === undefined ? [`Type=${rule.action.type}`] : [`Table=${table}`]),
    ...(rule.suppressPrefixLength === undefined ? [] : [`SuppressPrefixLength=${rule.suppressPrefixLength}`]),
    ...(rule.suppressIfGroup === undefined ? [] : [`SuppressInterfaceGroup=${rule.suppressIfGroup}`]),
    `Priority=${rule.priority}`,
    ...(rule.from || rule.to ? [] : [`Family=ipv${rule.family}`]),
  ].join("\n");
}

/** Attributes of a route that have a key of their own. */
const attributeKeys = {
  mtu: "MTUBytes",
  advmss: "TCPAdvertisedMaximumSegmentSize",
  initcwnd: "InitialCongestionWindow",
  initrwnd: "InitialAdvertisedReceiveWindow",
} as const;

function routeSection({ route, table }: LastingRoute): string {
  const [hop] = route.nexthops;
  return [
    "[Route]",
    `Destination=${withLength(route.dst)}`,
    ...(hop?.via ? [`Gateway=${formatAddress(hop.via)}`] : []),
    ...(hop?.flags.includes("onlink") ? ["GatewayOnLink=yes"] : []),
    ...(route.type === "unicast" ? [] : [`Type=${route.type}`]),
    `Table=${table}`,
    ...(route.scope === undefined ? [] : [`Scope=${route.scope}`]),
    ...(route.src ? [`PreferredSource=${formatAddress(route.src)}`] : []),
    ...(route.metric === undefined ? [] : [`Metric=${route.metric}`]),
    ...(route.pref === undefined ? [] : [`IPv6Preference=${route.pref}`]),
    ...attributePairs(route, attributeKeys).map(([key, value]) => `${key}=${value}`),
  ].join("\n");
}

function dropIn({ device = "DEVICE", rules, routes }: DeviceShare): string {
  const sections = [...rules.map(ruleSection), ...routes.map(routeSection)];
  const head = `# /etc/systemd/network/NAME.network.d/50-packetwalk.conf, where NAME.network is the file of ${device}`;
  return [head, sections.join("\n\n")].join("\n");
}

/**
 * For a drop-in of systemd-networkd. A route belongs to the file of its own device; a rule may stand in any.
 *
 * Syntax: systemd.network(5), sections [RoutingPolicyRule] and [Route], systemd 252. Type= of a rule knows no goto and no nop there. In its
 * src/network/networkd-routing-policy-rule.c a fwmark of 0 takes its mask with it (parse_fwmark_fwmask), so that the rule would ask for
 * every packet; src/basic/user-util.c takes no uid of 65535, so that User= would be passed over.
 */
export const networkdForm: FormWriter = {
  ruleParts: new Set([...usualRuleParts, "suppress_ifgroup"]),
  routeParts: new Set([
    ...["local", "broadcast", "anycast", "multicast", "throw", "unreachable", "prohibit", "blackhole"],
    ...["a scope by its number", "scope site or nowhere", "pref", ...Object.keys(attributeKeys)],
  ]),
  write(lasting) {
    const shares = deviceShares(lasting);
    return shares.length === 0 ? undefined : shares.map(dropIn).join("\n\n");
  },
};

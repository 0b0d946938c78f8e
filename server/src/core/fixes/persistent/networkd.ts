import type { NumberRange } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { formatPrefix } from "../../net/prefix.js";
import {
  type Lasting,
  type LastingRoute,
  type LastingRule,
  mtuOf,
  otherSelectors,
  plainGateway,
  withLength,
} from "./lasting.js";

const sayable = new Set(["not", "fwmark", "tos", "iif", "oif", "uidrange", "ipproto", "sport", "dport"]);

function fwmarkWord({ value, mask }: MaskedValue): string {
  return mask === 0xffffffff ? `${value}` : `${value}/${mask}`;
}

function range({ start, end }: NumberRange): string {
  return start === end ? `${start}` : `${start}-${end}`;
}

function ports(key: string, ports: NumberRange | MaskedValue | undefined): string[] {
  return ports && "start" in ports ? [`${key}=${range(ports)}`] : [];
}

function ruleSection({ rule, table }: LastingRule): string | undefined {
  if (table === undefined || !otherSelectors(rule).every((name) => sayable.has(name))) return undefined;
  if ([rule.sport, rule.dport].some((selector) => selector && "mask" in selector)) return undefined;
  if (rule.suppressIfGroup !== undefined || rule.realms !== undefined) return undefined;
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
    `Table=${table}`,
    ...(rule.suppressPrefixLength === undefined ? [] : [`SuppressPrefixLength=${rule.suppressPrefixLength}`]),
    `Priority=${rule.priority}`,
    ...(rule.from || rule.to ? [] : [`Family=ipv${rule.family}`]),
  ].join("\n");
}

function routeSection(lasting: LastingRoute): string | undefined {
  const { route, table } = lasting;
  const gateway = plainGateway(lasting);
  if (!gateway || route.tos !== undefined) return undefined;
  const mtu = mtuOf(route);
  return [
    "[Route]",
    `Destination=${withLength(route.dst)}`,
    ...(gateway.via === undefined ? [] : [`Gateway=${gateway.via}`]),
    ...(route.nexthops[0]?.flags.includes("onlink") ? ["GatewayOnLink=yes"] : []),
    ...(route.type === "unicast" ? [] : [`Type=${route.type}`]),
    `Table=${table}`,
    ...(route.scope === undefined ? [] : [`Scope=${route.scope}`]),
    ...(route.src ? [`PreferredSource=${formatAddress(route.src)}`] : []),
    ...(route.metric === undefined ? [] : [`Metric=${route.metric}`]),
    ...(mtu === undefined ? [] : [`MTUBytes=${mtu}`]),
  ].join("\n");
}

/**
 * For a drop-in of systemd-networkd. A route belongs to the file of its own device; a rule may stand in any.
 *
 * Syntax: systemd.network(5), sections [RoutingPolicyRule] and [Route], systemd 252.
 */
export function networkdForm({ rules, routes }: Lasting): string | undefined {
  const sections = [...rules.map(ruleSection), ...routes.map(routeSection)];
  if (sections.length === 0 || sections.some((section) => section === undefined)) return undefined;
  const device = routes.flatMap(({ route }) => route.nexthops[0]?.dev ?? [])[0] ?? "DEVICE";
  const head = `# /etc/systemd/network/NAME.network.d/50-packetwalk.conf, where NAME.network is the file of ${device}`;
  return [head, sections.join("\n\n")].join("\n");
}

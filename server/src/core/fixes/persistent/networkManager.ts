import type { NumberRange } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { everything } from "../../net/prefix.js";
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

function ports(word: string, selector: NumberRange | MaskedValue | undefined): string[] {
  if (!selector || !("start" in selector)) return [];
  return [`${word} ${selector.start === selector.end ? selector.start : `${selector.start}-${selector.end}`}`];
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function ruleCommand({ rule, table }: LastingRule): string | undefined {
  const { priority, family, not, from, to, tos, fwmark, iif, oif, uidrange, ipproto, sport, dport } = rule;
  if (table === undefined || !otherSelectors(rule).every((name) => sayable.has(name))) return undefined;
  if ([sport, dport].some((selector) => selector && "mask" in selector)) return undefined;
  if (rule.suppressIfGroup !== undefined || rule.realms !== undefined) return undefined;
  const words = [
    `priority ${priority}`,
    ...(not ? ["not"] : []),
    // Without any address nothing would tell the family where the rule stands in a file.
    ...(from || !to ? [`from ${withLength(from ?? everything(family))}`] : []),
    ...(to ? [`to ${withLength(to)}`] : []),
    ...(tos === undefined ? [] : [`tos ${hex(tos)}`]),
    ...(fwmark ? [`fwmark ${hex(fwmark.value)}/${hex(fwmark.mask)}`] : []),
    ...(iif ? [`iif ${iif.name}`] : []),
    ...(oif ? [`oif ${oif.name}`] : []),
    ...(uidrange ? [`uidrange ${uidrange.start}-${uidrange.end}`] : []),
    ...(ipproto === undefined ? [] : [`ipproto ${ipproto}`]),
    ...ports("sport", sport),
    ...ports("dport", dport),
    `table ${table}`,
    ...(rule.suppressPrefixLength === undefined ? [] : [`suppress_prefixlength ${rule.suppressPrefixLength}`]),
  ];
  return `nmcli connection modify CONNECTION +ipv${family}.routing-rules "${words.join(" ")}"`;
}

/** Scopes as numbers, which is how NetworkManager takes them (include/uapi/linux/rtnetlink.h: rt_scope_t). */
const scopes: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };

function routeCommand(lasting: LastingRoute): string | undefined {
  const { route, table } = lasting;
  const gateway = plainGateway(lasting);
  if (!gateway) return undefined;
  const mtu = mtuOf(route);
  const scope = route.scope === undefined ? undefined : scopes[route.scope];
  const words = [
    withLength(route.dst),
    ...(gateway.via === undefined ? [] : [gateway.via]),
    ...(route.metric === undefined ? [] : [`${route.metric}`]),
    `table=${table}`,
    ...(route.type === "unicast" ? [] : [`type=${route.type}`]),
    ...(scope === undefined ? [] : [`scope=${scope}`]),
    ...(route.src ? [`src=${formatAddress(route.src)}`] : []),
    ...(route.tos === undefined ? [] : [`tos=${route.tos}`]),
    ...(route.nexthops[0]?.flags.includes("onlink") ? ["onlink=true"] : []),
    ...(mtu === undefined ? [] : [`mtu=${mtu}`]),
  ];
  return `nmcli connection modify CONNECTION +ipv${route.family}.routes "${words.join(" ")}"`;
}

/**
 * For NetworkManager, by its command. `CONNECTION` is the profile of the device; a route belongs to that of its own.
 *
 * Syntax: nm-settings-nmcli(5), `ipv4.routing-rules` and `ipv4.routes`; libnm-core's nm-setting-ip-config.c
 * (nm_ip_routing_rule_from_string), NetworkManager 1.42.
 */
export function networkManagerForm({ rules, routes }: Lasting): string | undefined {
  const commands = [...rules.map(ruleCommand), ...routes.map(routeCommand)];
  if (commands.length === 0 || commands.some((command) => command === undefined)) return undefined;
  return [...commands, "nmcli connection up CONNECTION"].join("\n");
}

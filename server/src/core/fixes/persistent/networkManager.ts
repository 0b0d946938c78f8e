import type { NumberRange } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { everything } from "../../net/prefix.js";
import { type DeviceShare, deviceShares, type FormWriter } from "./formWriter.js";
import { type LastingRoute, type LastingRule, withLength } from "./lasting.js";
import { attributePairs, scopeNumbers } from "./routeParts.js";
import { usualRuleParts } from "./ruleParts.js";

function ports(word: string, selector: NumberRange | MaskedValue | undefined): string[] {
  if (!selector || !("start" in selector)) return [];
  return [`${word} ${selector.start === selector.end ? selector.start : `${selector.start}-${selector.end}`}`];
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function ruleCommand({ rule, table }: LastingRule): string {
  const { priority, family, not, from, to, tos, fwmark, iif, oif, uidrange, ipproto, sport, dport } = rule;
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
    table === undefined ? `type ${rule.action.type}` : `table ${table}`,
    ...(rule.suppressPrefixLength === undefined ? [] : [`suppress_prefixlength ${rule.suppressPrefixLength}`]),
  ];
  return `nmcli connection modify CONNECTION +ipv${family}.routing-rules "${words.join(" ")}"`;
}

/** Attributes of a route that have a word of their own, each with a `lock-` for it. */
const attributeWords = { mtu: "mtu", advmss: "advmss", window: "window", initcwnd: "initcwnd", initrwnd: "initrwnd" };

/** A route without a metric gets that of its device from NetworkManager, so the kernel's own is written (net/ipv6/route.c: IP6_RT_PRIO_USER). */
const kernelMetrics = { 4: 0, 6: 1024 } as const;

function routeCommand({ route, table }: LastingRoute): string {
  const { family, scope } = route;
  const [hop] = route.nexthops;
  const attributes = attributePairs(route, attributeWords, (word) => [[`lock-${word}`, "true"]]);
  const words = [
    withLength(route.dst),
    ...(hop?.via ? [formatAddress(hop.via)] : []),
    `${route.metric ?? kernelMetrics[family]}`,
    `table=${table}`,
    ...(route.type === "unicast" ? [] : [`type=${route.type}`]),
    // The kernel has no scopes of IPv6 routes, and NetworkManager takes none.
    ...(scope === undefined || family === 6 ? [] : [`scope=${scopeNumbers.get(scope) ?? scope}`]),
    ...(route.src ? [`src=${formatAddress(route.src)}`] : []),
    ...(route.tos === undefined ? [] : [`tos=${route.tos}`]),
    ...(hop?.flags.includes("onlink") ? ["onlink=true"] : []),
    ...attributes.map(([word, value]) => `${word}=${value}`),
  ];
  return `nmcli connection modify CONNECTION +ipv${family}.routes "${words.join(" ")}"`;
}

function commandsFor({ device, rules, routes }: DeviceShare): string[] {
  return [
    ...(device === undefined ? [] : [`# CONNECTION is the profile of ${device}.`]),
    ...rules.map(ruleCommand),
    ...routes.map(routeCommand),
    "nmcli connection up CONNECTION",
  ];
}

/**
 * For NetworkManager, by its command. `CONNECTION` is the profile of the device; a route belongs to that of its own.
 *
 * Syntax: NetworkManager 1.59.2-dev, src/libnm-core-impl/nm-setting-ip-config.c (nm_ip_routing_rule_from_string, nm_ip_routing_rule_validate,
 * ip_route_attribute_spec) and src/libnmc-setting/nm-meta-setting-desc.c (_parse_ip_route). A rule's tos is read as hexadecimal and its
 * ipproto as decimal, a route's numbers as decimal; tables go by number.
 */
export const networkManagerForm: FormWriter = {
  ruleParts: new Set([...usualRuleParts, "fwmark 0", "uid 65535 at an end of uidrange"]),
  routeParts: new Set([
    ...[
      "local",
      "throw",
      "unreachable",
      "prohibit",
      "blackhole",
      "tos",
      "a scope by its number",
      "scope site or nowhere",
    ],
    ...Object.keys(attributeWords).flatMap((name) => [name, `${name} lock`]),
  ]),
  write(lasting) {
    const lines = deviceShares(lasting).flatMap(commandsFor);
    return lines.length === 0 ? undefined : lines.join("\n");
  },
};

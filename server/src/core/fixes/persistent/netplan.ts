import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { type DeviceShare, deviceShares, type FormWriter } from "./formWriter.js";
import { type LastingRoute, type LastingRule, withLength } from "./lasting.js";
import { attributePairs } from "./routeParts.js";

/** An item of a YAML list: its keys and values, addresses in quotes. */
function item(indent: string, pairs: readonly (readonly [key: string, value: string])[]): string[] {
  return pairs.map(([key, value], index) => `${indent}${index === 0 ? "- " : "  "}${key}: ${value}`);
}

const quoted = (text: string): string => `"${text}"`;

function policy({ rule, table }: LastingRule): string[] {
  const { from, to, fwmark, tos, priority } = rule;
  return item("        ", [
    ...(from ? [["from", quoted(formatPrefix(from))] as const] : []),
    ...(to ? [["to", quoted(formatPrefix(to))] as const] : []),
    ...(fwmark ? [["mark", `${fwmark.value}`] as const] : []),
    ...(tos === undefined ? [] : [["type-of-service", `${tos}`] as const]),
    ["table", `${table}`],
    ["priority", `${priority}`],
  ]);
}

/** Attributes of a route that have a key of their own. */
const attributeKeys = { mtu: "mtu", initcwnd: "congestion-window", initrwnd: "advertised-receive-window" };

function routeItem({ route, table }: LastingRoute): string[] {
  const [hop] = route.nexthops;
  const scope = route.scope ?? (route.type === "unicast" && !hop?.via ? "link" : undefined);
  return item("        ", [
    ["to", quoted(withLength(route.dst))],
    ...(hop?.via ? [["via", quoted(formatAddress(hop.via))] as const] : []),
    ...(route.type === "unicast" ? [] : [["type", route.type] as const]),
    ...(scope === undefined ? [] : [["scope", scope] as const]),
    ...(route.src ? [["from", quoted(formatAddress(route.src))] as const] : []),
    ...(hop?.flags.includes("onlink") ? [["on-link", "true"] as const] : []),
    ...attributePairs(route, attributeKeys),
    ["table", `${table}`],
    ...(route.metric === undefined ? [] : [["metric", `${route.metric}`] as const]),
  ]);
}

function deviceLines({ device = "DEVICE", rules, routes }: DeviceShare): string[] {
  return [
    `    ${device}:`,
    ...(rules.length > 0 ? ["      routing-policy:", ...rules.flatMap(policy)] : []),
    ...(routes.length > 0 ? ["      routes:", ...routes.flatMap(routeItem)] : []),
  ];
}

/**
 * For netplan. It knows `from`, `to`, `mark` without a mask, `type-of-service`, `table` and `priority` of a rule, and nothing else; in
 * particular no suppress_prefixlength.
 *
 * Syntax: netplan's doc/netplan-yaml.md, `routing-policy` and `routes`.
 */
export const netplanForm: FormWriter = {
  ruleParts: new Set(["tos", "fwmark"]),
  routeParts: new Set([
    ...[
      "local",
      "broadcast",
      "anycast",
      "multicast",
      "nat",
      "xresolve",
      "throw",
      "unreachable",
      "prohibit",
      "blackhole",
    ],
    ...Object.keys(attributeKeys),
  ]),
  write(lasting) {
    const lines = deviceShares(lasting).flatMap(deviceLines);
    return lines.length === 0 ? undefined : ["network:", "  version: 2", "  ethernets:", ...lines].join("\n");
  },
};

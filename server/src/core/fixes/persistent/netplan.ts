import { formatAddress } from "../../net/address.js";
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

/** An item of a YAML list: its keys and values, addresses in quotes. */
function item(indent: string, pairs: readonly (readonly [key: string, value: string])[]): string[] {
  return pairs.map(([key, value], index) => `${indent}${index === 0 ? "- " : "  "}${key}: ${value}`);
}

const quoted = (text: string): string => `"${text}"`;

function policy({ rule, table }: LastingRule): string[] | undefined {
  const { from, to, fwmark, tos, priority } = rule;
  if (!otherSelectors(rule).every((name) => name === "fwmark" || name === "tos")) return undefined;
  if (fwmark && (fwmark.mask !== 0xffffffff || fwmark.value === 0)) return undefined;
  if (rule.suppressPrefixLength !== undefined || rule.suppressIfGroup !== undefined || rule.realms !== undefined)
    return undefined;
  if ((!from && !to) || table === undefined) return undefined;
  return item("        ", [
    ...(from ? [["from", quoted(formatPrefix(from))] as const] : []),
    ...(to ? [["to", quoted(formatPrefix(to))] as const] : []),
    ...(fwmark ? [["mark", `${fwmark.value}`] as const] : []),
    ...(tos === undefined ? [] : [["type-of-service", `${tos}`] as const]),
    ["table", `${table}`],
    ["priority", `${priority}`],
  ]);
}

function route(lasting: LastingRoute): string[] | undefined {
  const { route: own, table } = lasting;
  const gateway = plainGateway(lasting);
  if (!gateway || own.tos !== undefined) return undefined;
  const mtu = mtuOf(own);
  const scope = own.scope ?? (own.type === "unicast" && gateway.via === undefined ? "link" : undefined);
  return item("        ", [
    ["to", quoted(withLength(own.dst))],
    ...(gateway.via === undefined ? [] : [["via", quoted(gateway.via)] as const]),
    ...(own.type === "unicast" ? [] : [["type", own.type] as const]),
    ...(scope === undefined ? [] : [["scope", scope] as const]),
    ...(own.src ? [["from", quoted(formatAddress(own.src))] as const] : []),
    ...(own.nexthops[0]?.flags.includes("onlink") ? [["on-link", "true"] as const] : []),
    ...(mtu === undefined ? [] : [["mtu", mtu] as const]),
    ["table", `${table}`],
    ...(own.metric === undefined ? [] : [["metric", `${own.metric}`] as const]),
  ]);
}

/**
 * For netplan. It knows `from`, `to`, `mark` without a mask, `type-of-service`, `table` and `priority` of a rule, and nothing else; in
 * particular no suppress_prefixlength.
 *
 * Syntax: netplan's doc/netplan-yaml.md, `routing-policy` and `routes`.
 */
export function netplanForm({ rules, routes }: Lasting): string | undefined {
  const policies = rules.map(policy);
  const entries = routes.map(route);
  if (policies.length + entries.length === 0) return undefined;
  if ([...policies, ...entries].some((lines) => lines === undefined)) return undefined;
  const device = routes.flatMap((lasting) => lasting.route.nexthops[0]?.dev ?? [])[0] ?? "DEVICE";
  return [
    "network:",
    "  version: 2",
    "  ethernets:",
    `    ${device}:`,
    ...(policies.length > 0 ? ["      routing-policy:", ...policies.flatMap((lines) => lines ?? [])] : []),
    ...(entries.length > 0 ? ["      routes:", ...entries.flatMap((lines) => lines ?? [])] : []),
  ].join("\n");
}

import { printRuleCommand } from "../iproute/printRule.js";
import type { Rule } from "../iproute/rule.js";
import { formatPrefix, type Prefix } from "../net/prefix.js";
import { type NodeState, tableId } from "../state/nodeState.js";

function withLength(prefix: Prefix): string {
  const text = formatPrefix(prefix);
  return text.includes("/") ? text : `${text}/${prefix.length}`;
}

/** What follows `ip rule add`, as ifcfg's rule files want it. */
function ruleArguments(rule: Rule): string {
  return printRuleCommand("add", rule).replace(/^ip (?:-6 )?rule add /, "");
}

function networkdSection(rule: Rule, table: string): string {
  const lines = [
    "[RoutingPolicyRule]",
    ...(rule.from ? [`From=${formatPrefix(rule.from)}`] : []),
    ...(rule.to ? [`To=${formatPrefix(rule.to)}`] : []),
    `Table=${table}`,
    ...(rule.suppressPrefixLength === undefined ? [] : [`SuppressPrefixLength=${rule.suppressPrefixLength}`]),
    `Priority=${rule.priority}`,
    ...(rule.from || rule.to ? [] : [`Family=ipv${rule.family}`]),
  ];
  return lines.join("\n");
}

function networkManagerRule(rule: Rule, table: number): string {
  const words = [
    `priority ${rule.priority}`,
    ...(rule.from ? [`from ${withLength(rule.from)}`] : []),
    ...(rule.to ? [`to ${withLength(rule.to)}`] : []),
    `table ${table}`,
    ...(rule.suppressPrefixLength === undefined ? [] : [`suppress_prefixlength ${rule.suppressPrefixLength}`]),
  ];
  return `nmcli connection modify CONNECTION +ipv${rule.family}.routing-rules "${words.join(" ")}"`;
}

function netplanPolicy(rules: readonly Rule[], tables: readonly number[]): string {
  const lines = rules.flatMap((rule, index) => [
    `  - ${rule.from ? `from: ${withLength(rule.from)}` : `to: ${rule.to ? withLength(rule.to) : "0.0.0.0/0"}`}`,
    ...(rule.from && rule.to ? [`    to: ${withLength(rule.to)}`] : []),
    `    table: ${tables[index]}`,
    `    priority: ${rule.priority}`,
  ]);
  return ["routing-policy:", ...lines].join("\n");
}

/** Whether a rule has only the selectors that the configuration systems below can write. */
function isPlain(rule: Rule): boolean {
  const { fwmark, tos, dscp, flowlabel, iif, oif, l3mdev, uidrange, ipproto, sport, dport, tunId } = rule;
  const special = [fwmark, tos, dscp, flowlabel, iif, oif, l3mdev, uidrange, ipproto, sport, dport, tunId];
  return !rule.not && rule.action.type === "lookup" && special.every((selector) => selector === undefined);
}

/**
 * Rules written for the systems that configure a node's network, by their names; empty for rules with selectors of which this module
 * does not know the systems' words. `CONNECTION` and the file names are the user's to fill in.
 *
 * Syntax: systemd.network(5) of systemd 252; nm-settings(5), ipv4.routing-rules; netplan's doc/netplan-yaml.md (which has no key for
 * suppress_prefixlength); initscripts' sysconfig.txt, rule-DEVICE; interfaces(5).
 */
export function persistentForms(state: NodeState, rules: readonly Rule[]): Readonly<Record<string, string>> {
  if (!rules.every(isPlain)) return {};
  const tables = rules.map(({ action }) => (action.type === "lookup" ? tableId(state, action.table) : undefined) ?? 0);
  const suppresses = rules.some(({ suppressPrefixLength }) => suppressPrefixLength !== undefined);
  const commands = (verb: "add" | "del"): string[] => rules.map((rule) => printRuleCommand(verb, rule));
  return {
    "systemd-networkd": rules.map((rule, index) => networkdSection(rule, String(tables[index]))).join("\n\n"),
    NetworkManager: rules.map((rule, index) => networkManagerRule(rule, tables[index] ?? 0)).join("\n"),
    ...(suppresses ? {} : { netplan: netplanPolicy(rules, tables) }),
    ifcfg: rules.map(ruleArguments).join("\n"),
    ifupdown: [
      ...commands("add").map((command) => `post-up ${command}`),
      ...commands("del").map((command) => `pre-down ${command}`),
    ].join("\n"),
  };
}

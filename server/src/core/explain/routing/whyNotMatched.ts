import type { Flow } from "../../fib/flow.js";
import { formatHex } from "../../iproute/number.js";
import type { NumberRange, Rule } from "../../iproute/rule.js";
import { formatAddress } from "../../net/address.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { formatPrefix } from "../../net/prefix.js";

function masked({ value, mask }: MaskedValue): string {
  return `${formatHex(value)}/${formatHex(mask)}`;
}

function ports(selector: NumberRange | MaskedValue): string {
  if (!("start" in selector)) return masked(selector);
  return selector.start === selector.end ? `${selector.start}` : `${selector.start}-${selector.end}`;
}

/** Pairs of what the flow has and what the rule asks, by the selector's name. */
function comparison(rule: Rule, field: string, flow: Flow): readonly [has: string, asks: string] | undefined {
  switch (field) {
    case "from":
      return rule.from && [flow.src ? `source ${formatAddress(flow.src)}` : "no source yet", formatPrefix(rule.from)];
    case "to":
      return rule.to && [`destination ${formatAddress(flow.dst)}`, formatPrefix(rule.to)];
    case "fwmark":
      return rule.fwmark && [`fwmark ${formatHex(flow.fwmark ?? 0)}`, masked(rule.fwmark)];
    case "iif":
      return rule.iif && [flow.iif === "lo" ? "sent by this node (iif lo)" : `iif ${flow.iif}`, rule.iif.name];
    case "oif":
      return rule.oif && [flow.oif ? `oif ${flow.oif}` : "no bound device", rule.oif.name];
    case "tos":
      return rule.tos === undefined ? undefined : [`tos ${formatHex(flow.tos ?? 0)}`, formatHex(rule.tos)];
    case "dscp":
      return rule.dscp && [`DSCP ${formatHex((flow.tos ?? 0) >> 2)}`, masked(rule.dscp)];
    case "flowlabel":
      return rule.flowlabel && [`flow label ${formatHex(flow.flowlabel ?? 0)}`, masked(rule.flowlabel)];
    case "uidrange":
      return rule.uidrange && [`uid ${flow.uid}`, `${rule.uidrange.start}-${rule.uidrange.end}`];
    case "ipproto":
      return rule.ipproto === undefined ? undefined : [`IP protocol ${flow.ipproto}`, `${rule.ipproto}`];
    case "sport":
      return rule.sport && [`source port ${flow.sport}`, ports(rule.sport)];
    case "dport":
      return rule.dport && [`destination port ${flow.dport}`, ports(rule.dport)];
    case "tunId":
      return rule.tunId === undefined ? undefined : [`tunnel id ${flow.tunId}`, `${rule.tunId}`];
    case "l3mdev":
      return ["no device of a VRF", "one"];
    default:
      return undefined;
  }
}

/** Why a rule does not match a flow, as a clause: `does not match: source 10.0.0.1 is not 10.0.0.2`. */
export function whyNotMatched(rule: Rule, field: string, flow: Flow): string {
  if (rule.not) return "does not match: it is inverted (`not`), and all it names fits";
  const pair = comparison(rule, field, flow);
  if (!pair) return `does not match: ${field} differs`;
  const [has, asks] = pair;
  if (/^no /.test(has)) return `does not match: ${has}, and it wants ${asks}`;
  const inside = field === "from" || field === "to" ? (asks.includes("/") ? "not in" : "not") : "not";
  return `does not match: ${has} is ${inside} ${asks}`;
}

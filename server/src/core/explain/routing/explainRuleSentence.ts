import { dscpName, ipProtocolName, tableWord } from "../../iproute/names.js";
import { formatHex } from "../../iproute/number.js";
import { formatTos } from "../../iproute/printRule.js";
import type { NumberRange, Rule, RuleDevice } from "../../iproute/rule.js";
import type { MaskedValue } from "../../net/maskedValue.js";
import { formatPrefix } from "../../net/prefix.js";

/** The rule as one sentence: `Rule 100: all packets are looked up in table local.` */
export function ruleSentence(rule: Rule): string {
  const conditions = selectorWords(rule);
  const action = actionWords(rule);
  if (rule.not) return `Rule ${rule.priority}: all packets except those ${conditions || "of any kind"} ${action}.`;
  return `Rule ${rule.priority}: ${conditions ? `packets ${conditions}` : "all packets"} ${action}.`;
}

/** What is left of the look-up's result, a sentence for each suppressor. */
export function suppressorSentences(rule: Rule): string[] {
  const sentences: string[] = [];
  const { suppressPrefixLength: length, suppressIfGroup: group } = rule;
  if (length !== undefined) {
    const what = length === 0 ? "A default route" : `A route with a prefix length of ${length} or less`;
    sentences.push(
      `${what} found there does not count: only more specific routes decide, and otherwise the next rule is looked at.`,
    );
  }
  if (group !== undefined) sentences.push(`A route found there by a device of group ${group} does not count.`);
  return sentences;
}

/** A value under a mask, which goes without saying where it covers the whole field: `0x200/0xf00`. */
export function maskedWords({ value, mask }: MaskedValue, wholeField: number): string {
  return mask === wholeField ? formatHex(value) : `${formatHex(value)}/${formatHex(mask)}`;
}

function selectorWords(rule: Rule): string {
  const words: string[] = [];
  if (rule.from && rule.from.length > 0) words.push(`from ${formatPrefix(rule.from)}`);
  if (rule.to && rule.to.length > 0) words.push(`to ${formatPrefix(rule.to)}`);
  if (rule.iif)
    words.push(rule.iif.name === "lo" ? "sent by this node itself" : `that came in by ${deviceWords(rule.iif)}`);
  if (rule.oif) words.push(`of sockets bound to ${deviceWords(rule.oif)}`);
  if (rule.fwmark) words.push(`with the fwmark ${maskedWords(rule.fwmark, 0xffffffff)}`);
  if (rule.tos) words.push(`with tos ${formatTos(rule.tos)}`);
  if (rule.dscp) words.push(`with DSCP ${dscpWords(rule.dscp)}`);
  if (rule.flowlabel) words.push(`with the flow label ${maskedWords(rule.flowlabel, 0xfffff)}`);
  if (rule.l3mdev) words.push("of a VRF");
  if (rule.uidrange) words.push(`sent by users ${rangeWords(rule.uidrange)}`);
  if (rule.ipproto !== undefined) words.push(`of IP protocol ${ipProtocolName(rule.ipproto)}`);
  if (rule.sport) words.push(`from port ${portWords(rule.sport)}`);
  if (rule.dport) words.push(`to port ${portWords(rule.dport)}`);
  if (rule.tunId !== undefined) words.push(`of tunnel id ${rule.tunId}`);
  return words.join(" ");
}

function actionWords({ action, l3mdev }: Rule): string {
  switch (action.type) {
    case "lookup":
      return l3mdev ? "are looked up in that VRF's table" : `are looked up in table ${tableWord(action.table)}`;
    case "goto":
      if (action.target === undefined) return "go on at a rule that is not known";
      return action.unresolved
        ? `would go on at rule ${action.target}, which does not exist`
        : `go on at rule ${action.target}`;
    case "nop":
      return "are left alone: the next rule is looked at";
    case "unreachable":
      return "are refused: the network is unreachable";
    case "prohibit":
      return "are refused: it is prohibited";
    case "blackhole":
      return "are dropped silently";
    case "invalid":
      return "fail: the kernel does not know this action";
  }
}

function deviceWords({ name, detached }: RuleDevice): string {
  return detached ? `${name} (which does not exist)` : name;
}

function dscpWords(dscp: MaskedValue): string {
  const name = dscp.mask === 0x3f ? dscpName(dscp.value) : undefined;
  return name ?? maskedWords(dscp, 0x3f);
}

function rangeWords({ start, end }: NumberRange): string {
  return start === end ? String(start) : `${start} to ${end}`;
}

function portWords(port: NumberRange | MaskedValue): string {
  return "mask" in port ? maskedWords(port, 0xffff) : rangeWords(port);
}

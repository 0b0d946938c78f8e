import { ruleOwner } from "../../cilium/ruleOwners.js";
import { tableWord } from "../../iproute/names.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, familyBits, formatAddress } from "../../net/address.js";
import { formatPrefix, type Prefix } from "../../net/prefix.js";
import { ofEachRule } from "../ofEachItem.js";

/** A CNI that makes rules for each pod. */
export type PodRuleOwner = "Cilium" | "AWS VPC CNI";

/** What a rule that a CNI made for one pod says of it. */
export interface PodRule {
  readonly owner: PodRuleOwner;
  readonly side: "to" | "from";
  readonly address: Address;
  /** The notation of the address. */
  readonly pod: string;
  /** The rule in words that do not name the pod; undefined where not every pod of the CNI gets one. */
  readonly feature: string | undefined;
}

/** Whether a prefix is one address. */
export function isHost(prefix: Prefix | undefined): prefix is Prefix {
  return prefix !== undefined && prefix.length === familyBits(prefix.family);
}

/** What a rule says of the pod it was made for; undefined for rules of other shapes. */
export function podRule(rule: Rule): PodRule | undefined {
  const { from, to, not, incomplete, action } = rule;
  const address = isHost(from) ? from : to;
  if (not || incomplete || action.type !== "lookup" || !isHost(address)) return undefined;
  const owner = ruleOwner(rule)?.owner;
  if (owner !== "Cilium" && owner !== "AWS VPC CNI") return undefined;
  return {
    owner,
    side: address === from ? "from" : "to",
    address,
    pod: formatAddress(address),
    // AWS VPC CNI gives `from` rules only to pods of other interfaces than the first.
    feature: !from || owner === "Cilium" ? featureOf(rule) : undefined,
  };
}

/** The same for each rule of a list. */
export const podRules = ofEachRule(podRule);

/** Rules from a pod look up the table of its interface, which may be another one for each pod. */
function featureOf({ priority, from, to, action }: Rule): string {
  if (!from) return `${priority} to POD ${action.type === "lookup" ? tableWord(action.table) : action.type}`;
  return `${priority} from POD${to ? ` to ${formatPrefix(to)}` : ""}`;
}

import { fibOf } from "../../fib/fibOf.js";
import { reachesInOrder } from "../../fib/reach/reachesOf.js";
import type { RuleReach } from "../../fib/reach/ruleReach.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { takesOnPurpose } from "../knownOwner.js";
import { ofEachRule } from "../ofEachItem.js";
import { keyWithoutFrom } from "../rules/sameSelector.js";
import type { Loss } from "./losses.js";
import type { LossVerdicts } from "./lossVerdicts.js";

/** Rules that differ in their source only, and take packets away from routes. */
export interface AlikeShadows {
  /** The first few, with all that they take. */
  readonly found: { readonly at: number; readonly rule: Rule; readonly losses: readonly Loss[] }[];
  /** The others that take packets away from the first one's first loss. */
  readonly alike: Rule[];
}

/** So many rules that differ in their source only get a finding each; of more, the first one speaks for the rest. */
const spelledOut = 4;

/** The rules that take packets away from some routes without being meant to, by what they have in common, in the order of the list. */
export function alikeShadows(state: NodeState, family: Family, verdicts: LossVerdicts): Iterable<AlikeShadows> {
  const groups = new Map<string, AlikeShadows>();
  const keys = suspectKeys(state, family);
  const reaches = reachesInOrder(state, family);
  fibOf(state, family).rules?.forEach(({ rule }, at) => {
    const key = keys[at];
    // To a rule that no packet comes to, none is lost. Of the destinations that IPv6 treats apart the reach says nothing.
    if (key === undefined || (family === 4 && isBarred(reaches[at]))) return;
    const group = groups.get(key);
    const first = group?.found[0]?.losses[0];
    if (group && first && group.found.length >= spelledOut) {
      if (verdicts.takesFrom(at, first.route)) group.alike.push(rule);
      return;
    }
    const { losses } = verdicts.lossesOf(at);
    if (losses.length === 0) return;
    if (group) group.found.push({ at, rule, losses });
    else groups.set(key, { found: [{ at, rule, losses }], alike: [] });
  });
  return groups.values();
}

function isBarred(reach: RuleReach | undefined): boolean {
  return reach?.type === "unreachable" || reach?.type === "unmatchable";
}

/** What rules that differ in their source only have in common; undefined for those that look up no table, or are meant to take all they can. */
const suspectKeys = ofEachRule((rule) => {
  if (rule.action.type !== "lookup" || takesOnPurpose(rule)) return undefined;
  const { id, name } = rule.action.table;
  const withoutFrom = keyWithoutFrom(rule);
  return `${withoutFrom} ${rule.from !== undefined} ${id ?? name} ${rule.suppressPrefixLength} ${rule.suppressIfGroup}`;
});

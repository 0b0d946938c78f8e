import { fibOf } from "../fib/fibOf.js";
import { exampleDestinations } from "../fib/reach/exampleDestinations.js";
import { ruleIndexOf } from "../fib/reach/ruleIndexOf.js";
import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { Victim } from "./finding.js";
import { groupBy } from "./groupBy.js";
import { takesOnPurpose } from "./knownOwner.js";
import { selectorKey } from "./sameSelector.js";
import { graveKind, lesserKind } from "./victimKind.js";
import { type VictimRoute, victimRoutes } from "./victimRoutes.js";
import { type VictimSearch, victimSearch, victimsAmong } from "./victims.js";

/** A rule and the routes it takes packets away from. */
export interface Shadow {
  readonly rule: Rule;
  readonly victims: readonly Victim[];
  /** Later rules that differ in nothing but their source, and take packets away from the same routes. */
  readonly alike: readonly Rule[];
}

/** So many rules that differ in their source only get a finding each; of more, the first one speaks for the rest. */
const spelledOut = 4;

/** Lesser victims are only mentioned beside grave ones. */
const lesserLimit = 32;

/** All rules of a family that take packets away from routes whose loss is grave, in the order of the list. */
export function victimsIn(state: NodeState, family: Family): Shadow[] {
  const fib = fibOf(state, family);
  if (!fib.rules || fib.merged) return [];
  const examples = exampleDestinations(family, state.families[family].tables);
  const search = victimSearch(state, examples);
  const index = ruleIndexOf(state, family);
  const grave = victimRoutes(fib, index, examples, graveKind);
  const suspects = suspectRules(search, grave);
  let lesser: readonly VictimRoute[] | undefined;
  const shadows: Shadow[] = [];
  for (const group of groupBy(suspects, (at) => shapeKey(fib.rules?.[at]?.rule)).values()) {
    const found: { readonly at: number; readonly rule: Rule; readonly victims: readonly Victim[] }[] = [];
    const alike: Rule[] = [];
    let same: readonly VictimRoute[] | undefined;
    for (const at of group) {
      const rule = fib.rules[at]?.rule;
      const [first] = found;
      if (!rule) continue;
      if (first && found.length >= spelledOut) {
        same ??= grave.filter(({ route }) => route === first.victims[0]?.route);
        if (victimsAmong(search, at, same, 1).length > 0) alike.push(rule);
        continue;
      }
      const victims = victimsAmong(search, at, grave);
      if (victims.length > 0) found.push({ at, rule, victims });
    }
    for (const [place, { at, rule, victims }] of found.entries()) {
      lesser ??= victimRoutes(fib, index, examples, lesserKind);
      shadows.push({
        rule,
        victims: [...victims, ...victimsAmong(search, at, lesser, lesserLimit)],
        alike: place === 0 ? alike : [],
      });
    }
  }
  return shadows;
}

/** The rules that can take something away from one of the routes, and are not meant to. */
function suspectRules({ fib }: VictimSearch, grave: readonly VictimRoute[]): number[] {
  const last = Math.max(-1, ...grave.map(({ lastLookup, decidedAt }) => Math.min(lastLookup - 1, decidedAt)));
  const suspects: number[] = [];
  for (const [at, { rule }] of (fib.rules ?? []).slice(0, last + 1).entries()) {
    if (rule.action.type === "lookup" && !takesOnPurpose(rule)) suspects.push(at);
  }
  return suspects;
}

/** What rules that differ in their source only have in common. */
function shapeKey(rule: Rule | undefined): string {
  if (rule?.action.type !== "lookup") return "";
  const { from, ...rest } = rule;
  const { id, name } = rule.action.table;
  return `${selectorKey(rest)} ${from !== undefined} ${id ?? name} ${rule.suppressPrefixLength} ${rule.suppressIfGroup}`;
}

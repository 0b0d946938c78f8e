import type { Fib } from "../../fib/compileFib.js";
import { fibOf } from "../../fib/fibOf.js";
import { mayShareFlows } from "../../fib/reach/mayShareFlows.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { carriedFrom, familyChange } from "../../state/familyChange.js";
import type { Victim } from "../finding.js";
import { takesOnPurpose } from "../knownOwner.js";
import { selectorKeys } from "../rules/sameSelector.js";
import { routesLeft, type VictimRoute } from "./victimRoutes.js";
import { type VictimSearch, victimsAmong } from "./victims.js";

/** Rules that differ in their source only, and take packets away from routes. */
export interface AlikeShadows {
  /** The first few, with all that they take. */
  readonly found: { readonly at: number; readonly rule: Rule; readonly victims: readonly Victim[] }[];
  /** The others that take packets away from the first one's first victim. */
  readonly alike: Rule[];
}

/** So many rules that differ in their source only get a finding each; of more, the first one speaks for the rest. */
const spelledOut = 4;

/** What was found out about one rule. */
type Verdict =
  /** It is meant to take all it can. */
  | "meant"
  /** It takes nothing from any of the routes. */
  | "harmless"
  /** It takes something, and was told by itself. */
  | "found"
  /** One of many: whether it takes packets away from this route. */
  | { readonly from: Route; readonly takes: boolean };

const known = new WeakMap<Fib, readonly (Verdict | undefined)[]>();

/** The rules that take packets away from some routes without being meant to, by what they have in common, in the order of the list. */
export function alikeShadows(search: VictimSearch, routes: readonly VictimRoute[]): Iterable<AlikeShadows> {
  const groups = new Map<string, AlikeShadows & { same: readonly VictimRoute[] }>();
  const routesAt = routesLeft(routes);
  const carried = carriedVerdicts(search);
  let isAnyFull = false;
  const verdicts = (search.fib.rules ?? []).map(({ rule }, at) => judge(at, rule, carried(at)));
  known.set(search.fib, verdicts);
  return groups.values();

  function judge(at: number, rule: Rule, before: Verdict | undefined): Verdict | undefined {
    if (rule.action.type !== "lookup") return undefined;
    if (before === "meant" || (before === undefined && takesOnPurpose(rule))) return "meant";
    // While no group is spelled out, what was harmless by itself need not be told from its like.
    if (before === "harmless" && !isAnyFull) return before;
    const key = shapeKey(rule);
    const group = groups.get(key) ?? { found: [], alike: [], same: [] };
    groups.set(key, group);
    const [first] = group.same;
    if (first && group.found.length >= spelledOut) {
      const isTold = typeof before === "object" && isMovedRoute(before.from, first.route);
      const takes = isTold ? before.takes : victimsAmong(search, at, group.same, 1).length > 0;
      if (takes) group.alike.push(rule);
      return { from: first.route, takes };
    }
    if (before === "harmless") return before;
    const victims = victimsAmong(search, at, rule.to && !rule.not ? routes : routesAt(at));
    if (victims.length === 0) return "harmless";
    if (group.found.length === 0) group.same = routes.filter(({ route }) => route === victims[0]?.route);
    group.found.push({ at, rule, victims });
    isAnyFull ||= group.found.length >= spelledOut;
    return "found";
  }
}

/** What rules that differ in their source only have in common. */
function shapeKey(rule: Rule): string {
  if (rule.action.type !== "lookup") return "";
  const { id, name } = rule.action.table;
  const { withoutFrom } = selectorKeys(rule);
  return `${withoutFrom} ${rule.from !== undefined} ${id ?? name} ${rule.suppressPrefixLength} ${rule.suppressIfGroup}`;
}

/**
 * What was found out in the earlier state and must still be so, by the positions of rules: the tables hold the same, and no rule that came
 * or went may match a packet of the rule in question, so that each of its packets goes the way it went.
 */
function carriedVerdicts({ fib, jumps }: VictimSearch): (at: number) => Verdict | undefined {
  const change = familyChange(fib.state, fib.family);
  const before = change?.tables.size === 0 ? fibOf(change.before, fib.family) : undefined;
  const verdicts = before && known.get(before);
  if (!change || !verdicts) return nothing;
  const { start, end, oldEnd } = change.rules;
  const changed = [...(before.rules ?? []).slice(start, oldEnd), ...(fib.rules ?? []).slice(start, end)];
  // Examples come in by a device that no rule names, and behind a jump everything depends on everything.
  if (jumps || changed.some(({ rule, target }) => rule.iif !== undefined || target !== undefined)) return nothing;
  return (at) => {
    const verdict = verdicts[carriedFrom(change.rules, at)];
    const rule = fib.rules?.[at];
    if (verdict === "meant" || !rule) return verdict;
    return changed.some((other) => mayShareFlows(other, rule)) ? undefined : verdict;
  };
}

const nothing = () => undefined;

import type { Rule } from "../../iproute/rule.js";
import { containsPrefix, type Prefix } from "../../net/prefix.js";
import { carriedFrom, carriedTo, familyChange } from "../../state/familyChange.js";
import type { NodeState } from "../../state/nodeState.js";
import type { CompiledRule } from "../compileFib.js";
import { fibOf } from "../fibOf.js";
import type { Flow } from "../flow.js";
import { noPremises } from "../openField.js";
import { matchSelector } from "../selector.js";
import { beginWalk } from "../walkState.js";
import { mayShareFlows } from "./mayShareFlows.js";
import { type ReachContext, type RuleReach, reachContext } from "./ruleReach.js";

/**
 * What the earlier state's reaches still tell, by the positions of the rules: just what would be found out anew. A usual flow that came to
 * a rule still comes to it if no new rule matches it, and no route to its destination changed. What had to be searched for depends on
 * earlier rules only as far as they may match packets of the rule, and on all tables.
 *
 * @returns undefined where there is nothing to go by.
 */
export function carriedReaches(
  context: ReachContext,
  reachesOf: (before: NodeState) => ReadonlyMap<Rule, RuleReach> | undefined,
): ((at: number) => RuleReach | undefined) | undefined {
  const { fib, jumps } = context;
  const { rules = [] } = fib;
  const change = familyChange(fib.state, fib.family);
  const reaches = change && reachesOf(change.before);
  if (!reaches || reaches.size === 0) return undefined;
  const before = fibOf(change.before, fib.family);
  const old = before.rules ?? [];
  // Behind a jump everything depends on everything.
  if (jumps.length > 0 || old.some(({ target }) => target !== undefined)) return undefined;
  if (reachContext(before, context.index).otherDevice !== context.otherDevice) return undefined;
  const { start, end, oldEnd } = change.rules;
  const come = rules.slice(start, end);
  const changed = [...come, ...old.slice(start, oldEnd)];
  const destinations = [...change.tables.values()].flat();
  const list = [...reaches.values()];
  let positions: ReadonlyMap<Rule, number> | undefined;

  /** The same rule in the list as it is. */
  const present = (rule: Rule): Rule | undefined => {
    positions ??= new Map(old.map((compiled, at) => [compiled.rule, at]));
    const at = positions.get(rule);
    return at === undefined ? undefined : rules[carriedTo(change.rules, at)]?.rule;
  };

  return (at) => {
    const reach = list[carriedFrom(change.rules, at)];
    if (!reach) return undefined;
    const rule = rules[at];
    if (!rule) return undefined;
    const news = at < start ? none : come.filter((other) => mayShareFlows(other, rule));
    if (reach.type === "reached" && reach.usual) {
      return isToldApart(reach.flow, news, destinations) ? undefined : reach;
    }
    if (destinations.length > 0) return undefined;
    if (at >= start && changed.some((other) => mayShareFlows(other, rule))) return undefined;
    return reach.type === "unreachable" ? { ...reach, by: reach.by.flatMap((each) => present(each) ?? []) } : reach;
  };

  function isToldApart(flow: Flow, news: readonly CompiledRule[], prefixes: readonly Prefix[]): boolean {
    if (prefixes.some((prefix) => containsPrefix(prefix, flow.dst))) return true;
    if (news.length === 0) return false;
    const walk = beginWalk(fib, flow, noPremises, undefined);
    return news.some(({ selector }) => matchSelector(selector, walk).type === "matched");
  }
}

const none: readonly CompiledRule[] = [];

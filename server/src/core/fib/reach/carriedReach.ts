import type { Rule } from "../../iproute/rule.js";
import { containsPrefix } from "../../net/prefix.js";
import { carriedFrom, carriedTo, type FamilyChange } from "../../state/familyChange.js";
import type { CompiledRule } from "../compileFib.js";
import type { Flow } from "../flow.js";
import { noPremises } from "../openField.js";
import { matchSelector } from "../selector.js";
import { beginWalk } from "../walkState.js";
import { mayShareFlows } from "./askedPackets.js";
import { covers, type ReachContext, type RuleReach } from "./ruleReach.js";

/**
 * What the reaches of an earlier state still tell, by the positions of the rules: just what would be found out anew. A usual flow still
 * ends where it ended if no new rule matches it, and no route to its destination changed. What had to be searched for depends on earlier
 * rules only as far as they may match packets of the rule, and on all tables.
 *
 * @returns undefined where there is nothing to go by.
 */
export function carriedReach(
  old: ReachContext,
  reaches: readonly RuleReach[],
  context: ReachContext,
  change: FamilyChange,
): ((at: number) => RuleReach | undefined) | undefined {
  const { fib } = context;
  // Behind a jump everything depends on everything.
  if (fib.jumps.length > 0 || old.fib.jumps.length > 0 || old.otherDevice !== context.otherDevice) return undefined;
  const { rules = [] } = fib;
  const { start, end, oldEnd } = change.rules;
  const come = rules.slice(start, end);
  const changed = [...come, ...(old.fib.rules ?? []).slice(start, oldEnd)];
  const destinations = [...change.tables.values()].flat();
  let positions: ReadonlyMap<Rule, number> | undefined;
  const coverings = new Map<number, readonly Rule[]>();

  return (at) => {
    const compiled = rules[at];
    const reach = reaches[carriedFrom(change.rules, at)];
    if (!reach || !compiled || reach.type === "unmatchable") return reach;
    if (reach.type === "reached" && reach.usual) return endsAsBefore(reach, compiled, at) ? reach : undefined;
    if (reach.type === "unreachable" && reach.coveredBy !== undefined) {
      const coveredBy = carriedTo(change.rules, reach.coveredBy);
      const earlier = rules[coveredBy];
      if (!earlier || !endsAsBefore({ flow: reach.flows[0] }, compiled, coveredBy)) return undefined;
      const isKnown = earlier.tableId === undefined || !change.tables.has(earlier.tableId);
      if (!isKnown && !covers(fib, earlier, compiled)) return undefined;
      if (coveredBy === reach.coveredBy && earlier.rule === reach.by[0]) return reach;
      const by = coverings.get(coveredBy) ?? [earlier.rule];
      coverings.set(coveredBy, by);
      return { type: "unreachable", by, flows: reach.flows, coveredBy };
    }
    if (destinations.length > 0) return undefined;
    if (at >= start && changed.some((other) => mayShareFlows(other, compiled))) return undefined;
    return reach.type === "unreachable" ? { ...reach, by: reach.by.flatMap(present) } : reach;
  };

  /** Whether no rule that came before a position, and no route that changed, can end the walk of a flow that a rule matches. */
  function endsAsBefore({ flow }: { readonly flow: Flow | undefined }, compiled: CompiledRule, at: number): boolean {
    if (!flow || destinations.some((prefix) => containsPrefix(prefix, flow.dst))) return false;
    if (at < start) return true;
    const near = come.filter((other) => mayShareFlows(other, compiled));
    if (near.length === 0) return true;
    const walk = beginWalk(fib, flow, noPremises, undefined);
    return !near.some(({ selector }) => matchSelector(selector, walk).type === "matched");
  }

  /** The same rule in the list as it is. */
  function present(rule: Rule): Rule[] {
    positions ??= new Map((old.fib.rules ?? []).map((each, at) => [each.rule, at]));
    const stands = rules[carriedTo(change.rules, positions.get(rule) ?? -1)];
    return stands ? [stands.rule] : [];
  }
}

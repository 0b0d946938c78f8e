import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { fibOf } from "../fibOf.js";
import { perFamily } from "../perFamily.js";
import { carriedReach } from "./carriedReach.js";
import { ruleIndexOf } from "./ruleIndexOf.js";
import { type ReachContext, type RuleReach, reachContext, ruleReach } from "./ruleReach.js";

interface Reaches {
  readonly context: ReachContext;
  /** By the positions of the rules. */
  readonly list: readonly RuleReach[];
  readonly byRule: () => ReadonlyMap<Rule, RuleReach>;
}

/**
 * The reach of each rule of a state, by its position in the list. Found out once for each state; and where a state differs from an earlier
 * one by a few lines only, as after an edit, what these can't have changed is taken over. Empty while only the default rules are there:
 * none of them is asked then.
 */
export function reachesInOrder(state: NodeState, family: Family): readonly RuleReach[] {
  return reaches(state, family).list;
}

/** The reach of each rule of a state, in the order of the list. */
export function reachesOf(state: NodeState, family: Family): ReadonlyMap<Rule, RuleReach> {
  return reaches(state, family).byRule();
}

const reaches = perFamily<Reaches>(
  (state, family) => findReaches(contextOf(state, family), () => undefined),
  (before, change, state, family) => {
    const context = contextOf(state, family);
    const carried = carriedReach(before.context, before.list, context, change);
    return carried && findReaches(context, carried);
  },
);

function contextOf(state: NodeState, family: Family): ReachContext {
  return reachContext(fibOf(state, family), ruleIndexOf(state, family));
}

function findReaches(context: ReachContext, carried: (at: number) => RuleReach | undefined): Reaches {
  const { rules = [], merged } = context.fib;
  return reachesBy(context, merged ? [] : rules.map((_, at) => carried(at) ?? ruleReach(context, at)));
}

/** Apart from `findReaches`: what lives on must not hold the earlier state. */
function reachesBy(context: ReachContext, list: readonly RuleReach[]): Reaches {
  let byRule: ReadonlyMap<Rule, RuleReach> | undefined;
  return {
    context,
    list,
    byRule() {
      const { rules = [] } = context.fib;
      byRule ??= new Map(list.flatMap((reach, at) => (rules[at] ? [[rules[at].rule, reach]] : [])));
      return byRule;
    },
  };
}

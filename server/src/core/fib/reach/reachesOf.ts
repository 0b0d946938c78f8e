import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { fibOf } from "../fibOf.js";
import { noPremises } from "../openField.js";
import { matchSelector } from "../selector.js";
import { beginWalk } from "../walkState.js";
import { ruleIndexOf } from "./ruleIndexOf.js";
import { type RuleReach, reachContext, ruleReach } from "./ruleReach.js";

/** What the reach of one list of rules was found out from. */
interface Basis {
  readonly state: NodeState;
  readonly rules: readonly Rule[];
}

interface KnownReach {
  readonly basis: Basis;
  readonly reach: RuleReach;
}

const byState = new WeakMap<NodeState, Partial<Record<Family, ReadonlyMap<Rule, RuleReach>>>>();
const byRule = new WeakMap<Rule, KnownReach>();

/**
 * The reach of each rule of a state. Found out once for each state; and where a state differs from an earlier one by some rules only, as
 * after a line was edited, what these can't have changed is taken over.
 */
export function reachesOf(state: NodeState, family: Family): ReadonlyMap<Rule, RuleReach> {
  const known = byState.get(state);
  const found = known?.[family] ?? findReaches(state, family);
  byState.set(state, { ...known, [family]: found });
  return found;
}

function findReaches(state: NodeState, family: Family): ReadonlyMap<Rule, RuleReach> {
  const fib = fibOf(state, family);
  // While only the default rules are there, none of them is asked.
  if (!fib.rules || fib.merged) return new Map();
  const rules = fib.rules.map(({ rule }) => rule);
  const basis: Basis = { state, rules };
  const context = reachContext(fib, ruleIndexOf(state, family));
  const changes = new Map<Basis, RuleChange | undefined>();
  const result = new Map<Rule, RuleReach>();
  for (const [at, rule] of rules.entries()) {
    const known = byRule.get(rule);
    if (known && !changes.has(known.basis)) changes.set(known.basis, changeSince(known.basis, fib, rules));
    const change = known && changes.get(known.basis);
    const reach = (known && change && takeOver(fib, at, known.reach, change)) ?? ruleReach(context, at);
    result.set(rule, reach);
    byRule.set(rule, { basis, reach });
  }
  return result;
}

/** The stretch in which one list of rules differs from an earlier one. */
interface RuleChange {
  /** The position of the first new rule, and that behind the last one. */
  readonly start: number;
  readonly end: number;
  readonly removed: ReadonlySet<Rule>;
}

/** The rules that changed since, or undefined where more did, or where a `goto` makes everything depend on everything. */
function changeSince(before: Basis, fib: Fib, rules: readonly Rule[]): RuleChange | undefined {
  const { family, state } = fib;
  const old = before.state;
  if (old.links !== state.links || old.sysctls !== state.sysctls || old.tableNames !== state.tableNames)
    return undefined;
  const { tables, allTablesDumped } = state.families[family];
  const then = old.families[family];
  if (then.allTablesDumped !== allTablesDumped || then.tables.size !== tables.size) return undefined;
  for (const [id, table] of tables) if (then.tables.get(id) !== table) return undefined;
  if ([...rules, ...before.rules].some(({ action }) => action.type === "goto")) return undefined;
  let start = 0;
  while (start < rules.length && rules[start] === before.rules[start]) start++;
  let end = rules.length;
  let oldEnd = before.rules.length;
  while (end > start && oldEnd > start && rules[end - 1] === before.rules[oldEnd - 1]) {
    end--;
    oldEnd--;
  }
  return { start, end, removed: new Set(before.rules.slice(start, oldEnd)) };
}

/** What still holds after the change; undefined where it may not. */
function takeOver(fib: Fib, at: number, reach: RuleReach, change: RuleChange): RuleReach | undefined {
  if (at < change.start || reach.type === "unmatchable") return reach;
  if (at < change.end || reach.type === "unknown") return undefined;
  if (reach.type === "unreachable") return reach.by.some((rule) => change.removed.has(rule)) ? undefined : reach;
  const walk = beginWalk(fib, reach.flow, noPremises, undefined);
  const added = (fib.rules ?? []).slice(change.start, change.end);
  return added.some(({ selector }: CompiledRule) => matchSelector(selector, walk).type === "matched")
    ? undefined
    : reach;
}

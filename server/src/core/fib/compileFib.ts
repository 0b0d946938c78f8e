import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import { carriedFrom, type FamilyChange } from "../state/familyChange.js";
import { type FamilyState, type NodeState, reservedTables, tableId } from "../state/nodeState.js";
import { type CompiledTable, compiledTable, compileMergedTable } from "./compiledTable.js";
import { buildRuleFilter, type RuleFilter } from "./ruleFilter.js";
import { compileSelector, type Selector } from "./selector.js";
import { readVrfs, type VrfMembership } from "./vrf.js";

export interface CompiledRule {
  readonly rule: Rule;
  readonly selector: Selector;
  /** For `lookup`: the table's number, undefined where its name is all we have. */
  readonly tableId: number | undefined;
  /** For `goto`: where the walk goes on; undefined for an unresolved one. */
  readonly target: number | undefined;
}

/** One family's routing of a node, made ready for look-ups. */
export interface Fib {
  readonly state: NodeState;
  readonly family: Family;
  readonly familyState: FamilyState;
  /** Undefined where the rules were not dumped. */
  readonly rules: readonly CompiledRule[] | undefined;
  /** The positions of the rules with a `goto` that leads somewhere. */
  readonly jumps: readonly number[];
  /** Built when first asked for: it takes longer than all else together. */
  readonly filter: RuleFilter;
  /** Compiled when first asked for: a full Internet table takes seconds, and few look-ups need every table. */
  readonly tables: { get(id: number): CompiledTable | undefined };
  /** IPv4 tables local and main as one, while there are only the default rules. */
  readonly merged: CompiledTable | undefined;
  readonly vrfs: VrfMembership;
}

export interface CompileOptions {
  /**
   * Whether a rule was ever added in this network namespace. The first one separates the IPv4 tables local and main for good. Where
   * it is not given, only the default rules being there counts as "never".
   */
  readonly customRulesEver?: boolean;
  /** What was compiled of an earlier state, and how this one came from it. */
  readonly earlier?: { readonly fib: Fib; readonly change: FamilyChange };
}

/** Prepares the look-ups of one family. Linear in rules, n log n in routes; the state must not change afterwards. */
export function compileFib(state: NodeState, family: Family, options: CompileOptions = {}): Fib {
  const familyState = state.families[family];
  const vrfs = readVrfs(state.links);
  const rules = compileRules(state, family, vrfs, options.earlier);
  const compiled = new Map<number, CompiledTable>();
  let filter: RuleFilter | undefined;
  return {
    state,
    family,
    familyState,
    rules,
    jumps: jumpsOf(rules ?? []),
    get filter() {
      filter ??= buildRuleFilter(rules ?? []);
      return filter;
    },
    tables: {
      get(id) {
        const known = compiled.get(id);
        if (known) return known;
        const table = familyState.tables.get(id);
        const made = table && compiledTable(state, family, table);
        if (made) compiled.set(id, made);
        return made;
      },
    },
    merged: mergedTable(state, family, rules, options),
    vrfs,
  };
}

/** Apart from `compileFib`, whose value lives on: nothing in it may hold the earlier state. */
function compileRules(
  state: NodeState,
  family: Family,
  vrfs: VrfMembership,
  earlier: CompileOptions["earlier"],
): readonly CompiledRule[] | undefined {
  return state.families[family].rules?.map((rule, at, all) => {
    const known = earlier?.fib.rules?.[carriedFrom(earlier.change.rules, at)];
    // Where a `goto` leads is a matter of the whole list.
    if (known && rule.action.type !== "goto") return known.rule === rule ? known : { ...known, rule };
    return compileRule(state, rule, all, known?.selector ?? compileSelector(rule, vrfs));
  });
}

function jumpsOf(rules: readonly CompiledRule[]): number[] {
  const jumps: number[] = [];
  rules.forEach(({ target }, at) => {
    if (target !== undefined) jumps.push(at);
  });
  return jumps;
}

function compileRule(state: NodeState, rule: Rule, all: readonly Rule[], selector: Selector): CompiledRule {
  const { action } = rule;
  return {
    rule,
    selector,
    tableId: action.type === "lookup" ? tableId(state, action.table) : undefined,
    target: action.type === "goto" && !action.unresolved ? findTarget(action.target, rule, all) : undefined,
  };
}

/**
 * The first rule of the target's priority; the kernel refuses to jump back, or to the same priority (fib_nl_newrule: "Backward goto not
 * supported").
 */
function findTarget(priority: number | undefined, from: Rule, all: readonly Rule[]): number | undefined {
  const target = all.findIndex((rule) => rule.priority > from.priority && rule.priority === priority);
  return target < 0 ? undefined : target;
}

function mergedTable(
  state: NodeState,
  family: Family,
  rules: readonly CompiledRule[] | undefined,
  options: CompileOptions,
): CompiledTable | undefined {
  const { rulesComplete, tables, customRulesEver } = state.families[family];
  const everSplit = customRulesEver || options.customRulesEver;
  if (family !== 4 || everSplit || !rules || !rulesComplete || !areDefault(rules)) return undefined;
  const local = tables.get(reservedTables.local);
  const main = tables.get(reservedTables.main);
  return local && main && compileMergedTable(state, local, main);
}

/** The three IPv4 rules that every namespace begins with, and no other (net/ipv4/fib_rules.c: fib_default_rules_init). */
function areDefault(rules: readonly CompiledRule[]): boolean {
  const wanted = [
    { priority: 0, table: reservedTables.local },
    { priority: 32766, table: reservedTables.main },
    { priority: 32767, table: reservedTables.default },
  ];
  return (
    rules.length === wanted.length &&
    wanted.every(({ priority, table }, at) => {
      const compiled = rules[at];
      return compiled?.rule.priority === priority && compiled.tableId === table && isPlain(compiled);
    })
  );
}

/** Whether a rule matches everything and suppresses nothing. */
function isPlain({ rule, selector }: CompiledRule): boolean {
  if (rule.incomplete || rule.suppressPrefixLength !== undefined || rule.suppressIfGroup !== undefined) return false;
  const { not, from, to, oif, conditions, l3mdev, never } = selector;
  return !not && !from && !to && !oif && !l3mdev && !never && conditions.length === 0;
}

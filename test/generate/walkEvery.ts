import type { Fib } from "../../server/src/core/fib/compileFib.js";
import { compileFib } from "../../server/src/core/fib/compileFib.js";
import type { Decision } from "../../server/src/core/fib/decision.js";
import type { Flow } from "../../server/src/core/fib/flow.js";
import { lookup } from "../../server/src/core/fib/lookup.js";
import { noPremises } from "../../server/src/core/fib/openField.js";
import { matchSelector } from "../../server/src/core/fib/selector.js";
import { beginWalk } from "../../server/src/core/fib/walkState.js";
import type { Rule } from "../../server/src/core/iproute/rule.js";
import type { Family } from "../../server/src/core/net/address.js";
import type { NodeState } from "../../server/src/core/state/nodeState.js";

/** One packet's way through all rules, by the plain look-up. */
export interface Walked {
  readonly flow: Flow;
  readonly decision: Decision;
  /** The rules that match it, wherever its way ends. */
  readonly matching: ReadonlySet<Rule>;
  /** The rules that its way came to and that match it. */
  readonly met: ReadonlySet<Rule>;
}

/** Looks up every flow, rule by rule. Most flows share their rules with many others: each set of rules is made once. */
export function walkEvery(fib: Fib, flows: readonly Flow[]): Walked[] {
  const { rules = [] } = fib;
  const sets = new Map<number, ReadonlySet<Rule>>();
  const setOf = (bits: number): ReadonlySet<Rule> => {
    const known = sets.get(bits) ?? new Set(rules.flatMap(({ rule }, at) => ((bits >> at) & 1 ? [rule] : [])));
    sets.set(bits, known);
    return known;
  };
  return flows.map((flow) => {
    const walk = beginWalk(fib, flow, noPremises, undefined);
    let matching = 0;
    for (const [at, { selector }] of rules.entries()) {
      if (matchSelector(selector, walk).type === "matched") matching |= 1 << at;
    }
    const { considered, ...decision } = lookup(fib, flow);
    let met = 0;
    // Every rule that the walk came by is told, in the order of the list.
    for (const [at, { verdict }] of considered.entries()) {
      if (verdict.type !== "not-matched" && verdict.type !== "jumped-over") met |= 1 << at;
    }
    return { flow, decision: { ...decision, considered: [] }, matching: setOf(matching), met: setOf(met) };
  });
}

/**
 * The same node, but that only some of its rules do anything: the others are passed by, and a `goto` that leads to one of them goes on
 * behind it.
 */
export function withActing(state: NodeState, family: Family, acts: (rule: Rule) => boolean): Fib {
  const known = state.families[family];
  const rules = known.rules?.map((rule): Rule => (acts(rule) ? rule : { ...rule, action: { type: "nop" } }));
  const changed = { ...known, customRulesEver: true, ...(rules && { rules }) };
  return compileFib({ ...state, families: { ...state.families, [family]: changed } }, family);
}

/** A packet in a few words, for a test that fails. */
export function showFlow(flow: Flow): string {
  return JSON.stringify(flow, (_, value) => (typeof value === "bigint" ? `0x${value.toString(16)}` : value));
}

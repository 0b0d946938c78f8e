import type { CompiledRule } from "../../fib/compileFib.js";
import type { Decision } from "../../fib/decision.js";
import { fibOf } from "../../fib/fibOf.js";
import type { Flow } from "../../fib/flow.js";
import { answerOf, decideBy } from "../../fib/reach/decideBy.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import type { RuleReach } from "../../fib/reach/ruleReach.js";
import { sameOutcome } from "../../fib/sameOutcome.js";
import type { Rule } from "../../iproute/rule.js";
import { familyBits } from "../../net/address.js";
import { containsPrefix, firstAddress } from "../../net/prefix.js";
import { type NodeState, tableId } from "../../state/nodeState.js";

/** One packet, what becomes of it, and what the rule would do with it. */
export interface LostAnswer {
  readonly flow: Flow;
  readonly actual: Decision;
  readonly wanted: Decision;
}

/** What an unreachable rule would do, were it asked. */
export interface LostAnswers {
  /** A packet that it would treat otherwise; undefined where none of those tried is. */
  readonly different: LostAnswer | undefined;
  /** Whether it would do anything with any of them. */
  readonly any: boolean;
  /** The packets that were tried. */
  readonly tried: readonly Flow[];
}

/** More flows than this are not tried: a difference shows in the first few. */
const flowLimit = 64;

/** Compares what becomes of the packets of an unreachable rule with what the rule would do, by an example for each of its table's routes. */
export function lostAnswers(state: NodeState, rule: Rule, reach: RuleReach & { type: "unreachable" }): LostAnswers {
  const fib = fibOf(state, rule.family);
  const index = ruleIndexOf(state, rule.family);
  const at = positionsOf(fib.rules ?? []).get(rule) ?? -1;
  const tried: Flow[] = [];
  let any = false;
  for (const flow of examples(state, rule, reach.flows)) {
    tried.push(flow);
    const wanted = answerOf(fib, at, flow);
    if (!wanted) continue;
    any = true;
    if (wanted.type === "missing") continue;
    const actual = decideBy(fib, index, flow);
    if (actual.type !== "missing" && !sameOutcome(actual, wanted))
      return { different: { flow, actual, wanted }, any, tried };
  }
  return { different: undefined, any, tried };
}

const positions = new WeakMap<readonly CompiledRule[], ReadonlyMap<Rule, number>>();

/** Where each rule stands. Found once for a list. */
function positionsOf(rules: readonly CompiledRule[]): ReadonlyMap<Rule, number> {
  const known = positions.get(rules) ?? new Map(rules.map(({ rule }, at) => [rule, at]));
  positions.set(rules, known);
  return known;
}

/** One after the other: the first few mostly show a difference. */
function* examples(state: NodeState, rule: Rule, flows: readonly Flow[]): Iterable<Flow> {
  const { action, to, not } = rule;
  const id = action.type === "lookup" ? tableId(state, action.table) : undefined;
  const routes = (id === undefined ? undefined : state.families[rule.family].tables.get(id)?.routes) ?? [];
  const [first] = flows;
  yield* flows.slice(0, flowLimit / 2);
  // With `not`, another destination might be none of the rule's.
  if (!first || not) return;
  let left = flowLimit - Math.min(flows.length, flowLimit / 2);
  for (const { dst } of routes) {
    if (left === 0) return;
    const { family, value } = firstAddress(dst);
    const address = { family, value: value + (dst.length < familyBits(family) ? 1n : 0n) };
    if (to && !containsPrefix(to, address)) continue;
    left--;
    yield { ...first, dst: address };
  }
}

/** Whether a rule is there for the case that earlier look-ups find nothing: it refuses what they let go on. */
export function isFallback({ action }: Rule, by: readonly Rule[]): boolean {
  const refuses = action.type === "unreachable" || action.type === "prohibit" || action.type === "blackhole";
  return refuses && by.every((earlier) => earlier.action.type === "lookup");
}

import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { exampleAddress, flowsMatching } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import type { Rule } from "../iproute/rule.js";
import { containsPrefix, everything, networkOf, type Prefix } from "../net/prefix.js";
import type { NodeState } from "../state/nodeState.js";
import type { Effect, SideEffect } from "./fix.js";

/** The destinations that the tables and rules of a state tell apart, each once. */
function destinations(state: NodeState, family: Rule["family"]): Prefix[] {
  const { tables, rules } = state.families[family];
  const prefixes = [
    everything(family),
    ...[...tables.values()].flatMap(({ routes }) => routes.map(({ dst }) => dst)),
    ...(rules ?? []).flatMap(({ to }) => to ?? []),
  ].map(networkOf);
  return [...new Map(prefixes.map((prefix) => [`${prefix.value}/${prefix.length}`, prefix])).values()];
}

/** Flows to `dst` that meet `rule` and, besides, what each other rule asks for: the combinations the rules can tell apart. */
function flowsTo(state: NodeState, rule: Rule, dst: Flow["dst"]): Flow[] {
  const plain = flowsMatching(rule, dst, state);
  const others = (state.families[rule.family].rules ?? []).flatMap((other) => {
    const { from, to, iif, oif, ...selectors } = { ...other, ...rule };
    return flowsMatching(
      {
        ...selectors,
        ...(rule.from ? { from: rule.from } : from ? { from } : {}),
        ...(iif ? { iif } : {}),
        ...(oif ? { oif } : {}),
        ...(to ? { to } : {}),
      },
      dst,
      state,
    );
  });
  return [...plain, ...others];
}

/**
 * Every region of flows for which adding `rules` changes the answer, one example of each: only flows that meet one of the new rules can
 * change, so those are tried, to one address of every destination that the routes and rules tell apart.
 */
export function changedFlows(before: NodeState, after: NodeState, rules: readonly Rule[]): Effect[] {
  const effects: Effect[] = [];
  for (const rule of rules) {
    const fibBefore = fibOf(before, rule.family);
    const fibAfter = fibOf(after, rule.family);
    const prefixes = destinations(after, rule.family);
    for (const prefix of prefixes) {
      if (rule.to && !containsPrefix(rule.to, prefix)) continue;
      const dst = exampleAddress(prefix, prefixes);
      if (!dst) continue;
      const changed = flowsTo(after, rule, dst)
        .map((flow): Effect => ({ flow, before: decide(fibBefore, flow), after: decide(fibAfter, flow) }))
        .find((effect) => !sameOutcome(effect.before, effect.after));
      if (changed) effects.push(changed);
    }
  }
  return effects;
}

function isLocal(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

/**
 * The effects that are not wanted, judged: harmful is what loses its route, and what is for the node itself and does not get there.
 *
 * @param natural the answer of the node without the rule that is to be repaired: what a flow is for
 */
export function judgeSideEffects(
  effects: readonly Effect[],
  isWanted: (effect: Effect, natural: Decision) => boolean,
  natural: (flow: Flow) => Decision,
): SideEffect[] {
  return effects.flatMap((effect): SideEffect[] => {
    const meant = natural(effect.flow);
    if (isWanted(effect, meant)) return [];
    const loses = effect.before.type === "route" && effect.after.type !== "route";
    const missesNode = (isLocal(meant) || isLocal(effect.before)) && !isLocal(effect.after);
    return [{ ...effect, judgement: loses || missesNode ? "harmful" : "neutral" }];
  });
}

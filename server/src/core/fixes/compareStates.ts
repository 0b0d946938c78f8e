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

function isWorse(before: Decision, after: Decision): boolean {
  if (before.type !== "route") return false;
  return after.type !== "route" || (before.route.type === "local" && after.route.type !== "local");
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

/** The effects that are not wanted, judged. */
export function judgeSideEffects(effects: readonly Effect[], isWanted: (effect: Effect) => boolean): SideEffect[] {
  return effects
    .filter((effect) => !isWanted(effect))
    .map((effect) => ({ ...effect, judgement: isWorse(effect.before, effect.after) ? "harmful" : "neutral" }));
}

import type { AnswerKinds, FlowSpace } from "../fib/comparison/box.js";
import { changedRegions } from "../fib/comparison/changedRegions.js";
import { flowSpace } from "../fib/comparison/flowSpace.js";
import { wordsForDecision } from "../fib/decisionWords.js";
import { fibOf } from "../fib/fibOf.js";
import type { Route } from "../iproute/route.js";
import type { Family } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { Goal } from "./candidate.js";
import { findSourceEffects } from "./findSourceEffects.js";
import type { SideEffect } from "./fix.js";
import { judgedKinds, judgeEffect } from "./judgeEffect.js";

/** What two states answer differently, apart from what is wanted. */
export interface SideEffects {
  readonly effects: readonly SideEffect[];
  /** How many more regions there are that are judged like one of these: they differ from it in devices and tables only. */
  readonly alike: number;
  /** Whether every region of flows was compared; else the two states differ in more ways than anybody reads. */
  readonly whole: boolean;
}

/** Regions of one sort that are shown: of a thousand pods whose packets change in one way, nobody reads each. */
const mostAlike = 20;

function changedFamilies(before: NodeState, after: NodeState): Family[] {
  return ([4, 6] as const).filter((family) => before.families[family] !== after.families[family]);
}

function isDefault({ dst }: Route): string {
  return dst.length === 0 ? "default" : "";
}

/** What tells answers apart: what they are judged by, and what a goal asks for. */
function kindsFor(state: NodeState, { asksFor }: Goal): AnswerKinds {
  const judged = judgedKinds(state);
  const asked = (isAsked: boolean | undefined): string => (isAsked ? "asked for" : "");
  const known = new Map<Route, string>();
  return {
    ofRule: (rule) => asked(asksFor?.rule?.(rule)),
    ofRoute(route) {
      const kind = known.get(route) ?? `${judged(route)} ${isDefault(route)} ${asked(asksFor?.route?.(route))}`;
      known.set(route, kind);
      return kind;
    },
  };
}

function effectsIn(before: NodeState, after: NodeState, family: Family, goal: Goal, space: FlowSpace): SideEffects {
  const { natural } = goal;
  const beside = natural === before ? [] : [natural];
  const { regions, untold, complete } = changedRegions(before, after, family, { space, beside, alike: mostAlike });
  const effects = new Map<string, SideEffect>();
  for (const { flow, beside: answers, ...changed } of regions) {
    const meant = answers[0] ?? changed.before;
    const effect = { flow, before: changed.before, after: changed.after };
    const judgement = judgeEffect(before, effect, meant);
    if (judgement === "neutral" && goal.isWanted(effect, meant)) continue;
    const key = [judgement, ...[effect.before, effect.after, meant].map(wordsForDecision)].join(" | ");
    if (!effects.has(key)) effects.set(key, { ...effect, judgement });
  }
  return { effects: [...effects.values()], alike: untold, whole: complete };
}

/**
 * Makes a function that tells what changes in a state besides what is wanted: one example for each region of flows that the two states treat
 * differently and each place that its flows are meant for, judged by what the node answers without the fault; and what other settings of
 * source validation accept besides.
 *
 * @param afters the states that will be asked about: what was found out about their rules and tables is shared among them
 */
export function sideEffectFinder(
  before: NodeState,
  afters: readonly NodeState[],
  goal: Goal,
): (after: NodeState) => SideEffects {
  const spaces = new Map<Family, FlowSpace>();
  const spaceOf = (family: Family): FlowSpace => {
    const states = [before, goal.natural, ...afters];
    const space =
      spaces.get(family) ??
      flowSpace(
        [...new Set(states)].map((state) => fibOf(state, family)),
        kindsFor(before, goal),
      );
    spaces.set(family, space);
    return space;
  };
  return (after) => {
    const found = [
      ...changedFamilies(before, after).map((family) => effectsIn(before, after, family, goal, spaceOf(family))),
      ...(before.sysctls === after.sysctls ? [] : [findSourceEffects(before, after, goal)]),
    ];
    return {
      effects: found.flatMap(({ effects }) => effects),
      alike: found.reduce((sum, { alike }) => sum + alike, 0),
      whole: found.every(({ whole }) => whole),
    };
  };
}

import type { ClassSet } from "../classSet.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { findTable } from "../evidence.js";
import { type Box, type BoxSelector, type FlowSpace, splitBox } from "./box.js";
import { actMerged, walkEnd } from "./boxAction.js";
import { type Ending, gatherEndings, type RuleAction, ruleActions } from "./ending.js";
import { wholeSpace } from "./flowSpace.js";
import type { RuleScript, ScriptStep } from "./ruleScript.js";
import type { Touches } from "./touch.js";

/** States whose walks are taken side by side. The first two are compared; where they part, it is also seen how those beside them end. */
export type WalkedFibs = readonly [before: Fib, after: Fib, ...beside: Fib[]];

/** More parts of the space than this are not looked at. */
const partLimit = 400_000;

/** How far the walk of one state is. */
interface Progress {
  /** The step from which on it goes on: behind a jump, it skips what lies between. */
  readonly from: number;
  readonly ending?: Ending;
}

/** A part of the space on its way down the rules of all states, with `step` to be taken next. */
interface Part {
  readonly box: Box;
  readonly step: number;
  readonly walks: readonly Progress[];
}

/**
 * Takes all flows down the rules of several states together, told apart only where a rule or a table does it. What no difference ahead can
 * touch is left out at once, so that a small change costs little in large states.
 *
 * @param found receives a box of flows on which the first two states may end in different ways, and how the walks of all states end
 * @returns whether all flows were compared
 */
export function walkTogether(
  space: FlowSpace,
  fibs: WalkedFibs,
  { steps, places }: RuleScript,
  selectors: readonly BoxSelector[],
  touches: Touches,
  found: (box: Box, endings: readonly Ending[]) => void,
): boolean {
  const worthCutting = Uint8Array.from(steps, (_, step) => Number(touches.isWorthCutting(step)));
  const stepsOf = fibs.map((_, state) => nextSteps(steps, state));
  const actions = fibs.map((fib) => ruleActions(space, fib));
  const undecided = fibs.map((fib) => undecidedEndings(fib));
  const todo = wholeSpace(space, fibs[0], fibs[1], touches.list).flatMap(startParts);
  for (let count = 0; count < partLimit; count++) {
    const part = todo.pop();
    if (!part) return true;
    follow(part);
  }
  return todo.length === 0;

  /** While a state has only the default rules, its one look-up stands before all steps. */
  function startParts(whole: Box): Part[] {
    return fibs.reduce<Part[]>(
      (parts, fib) =>
        parts.flatMap(({ box, step, walks }) =>
          gatherEndings(fib.merged ? actMerged(space, fib, fib.merged, box) : [{ box }]).map((outcome) => ({
            box: outcome.box,
            step,
            walks: [...walks, advance({ from: 0 }, outcome.ending)],
          })),
        ),
      [{ box: whole, step: 0, walks: [] }],
    );
  }

  /** Takes a part down to where something tells its flows apart; what comes of it is a part again. */
  function follow({ box, step: first, walks }: Part): void {
    if (isSettled(walks)) return;
    let rest = box;
    for (let step = nextStep(walks, first); step < steps.length; step = nextStep(walks, step + 1)) {
      if (!worthCutting[step] && !haveParted(walks, step)) continue;
      const { inside, outside } = splitBox(rest, selectors[step] as BoxSelector, vrfAt(steps[step] as ScriptStep));
      if (inside.length === 0) continue;
      for (const met of inside) act({ box: met, step, walks });
      const [next, ...others] = outside.filter((each) => mayPart(each, step + 1, walks));
      if (!next) return;
      rest = next;
      for (const each of others) todo.push({ box: each, step: step + 1, walks });
    }
    end(rest, walks);
  }

  /** The next step at which a walk that has not ended has a rule. */
  function nextStep(walks: readonly Progress[], step: number): number {
    let next = steps.length;
    for (let state = 0; state < walks.length; state++) {
      const { from, ending } = walks[state] as Progress;
      if (!ending) next = Math.min(next, (stepsOf[state] as Int32Array)[Math.max(from, step)] as number);
    }
    return next;
  }

  function vrfAt(step: ScriptStep): (device: string) => string | undefined {
    return (fibs[step.findIndex((rule) => rule !== undefined)] ?? fibs[0]).vrfs.of;
  }

  /** Lets a rule act on a part that matches it, in the states in which its turn has come, one state after the other. */
  function act(part: Part): void {
    if (mayPart(part.box, part.step, part.walks)) actIn(0, part.box, [], part);
  }

  function actIn(state: number, box: Box, done: readonly Progress[], part: Part): void {
    const { step, walks } = part;
    if (isSettled(done)) return;
    const walk = walks[state];
    if (!walk) {
      if (done.every(({ ending }) => ending)) end(box, done);
      else if (mayPart(box, step + 1, done)) todo.push({ box, step: step + 1, walks: done });
      return;
    }
    const rule = isActing(walk, step) ? (steps[step] as ScriptStep)[state] : undefined;
    if (!rule) {
      actIn(state + 1, box, [...done, walk], part);
      return;
    }
    const next = (ending: Ending | undefined): Progress[] => [...done, advance(walk, ending, rule, places[state])];
    const model = modelFor(state, rule, box, part);
    if (model !== undefined) {
      actIn(state + 1, box, next(done[model]?.ending), part);
      return;
    }
    for (const outcome of (actions[state] as RuleAction)(rule, box)) {
      actIn(state + 1, outcome.box, next(outcome.ending), part);
    }
  }

  /** An earlier state in which the same rule has acted, and its table holds the same for these flows: what it did, it does here. */
  function modelFor(state: number, rule: CompiledRule, box: Box, { step, walks }: Part): number | undefined {
    for (let earlier = 0; earlier < state; earlier++) {
      const same = isActing(walks[earlier] as Progress, step) ? (steps[step] as ScriptStep)[earlier] : undefined;
      if (!same) continue;
      const isModel =
        state === 1 ? !touches.isAt(box, step) : actsAlike(fibs[earlier] as Fib, same, fibs[state] as Fib, rule);
      if (isModel) return earlier;
    }
    return undefined;
  }

  function end(box: Box, walks: readonly Progress[]): void {
    found(
      box,
      walks.map(({ ending }, state) => ending ?? (undecided[state] as (dst: ClassSet) => Ending)(box.dst)),
    );
  }

  /** Whether the first two walks may still part, or have done so. */
  function mayPart(box: Box, step: number, walks: readonly Progress[]): boolean {
    return haveParted(walks, step) || touches.isAhead(box, step);
  }
}

/** Once only one of the first two walks has ended or jumped, they have parted. */
function haveParted([before, after]: readonly Progress[], step: number): boolean {
  return before?.ending !== after?.ending || before?.from !== after?.from || (before?.from ?? 0) > step;
}

/** Whether the first two walks have ended alike: nothing is to be told of them, however others end. */
function isSettled([before, after]: readonly Progress[]): boolean {
  if (!before?.ending || !after?.ending) return false;
  return (
    before.ending === after.ending ||
    (isOne(before.ending) &&
      isOne(after.ending) &&
      before.ending.parts[0]?.end.outcome === after.ending.parts[0]?.end.outcome)
  );
}

function isOne({ parts }: Ending): boolean {
  return parts.length === 1;
}

/** The end of walks that no rule decides, the same for the same destinations. */
function undecidedEndings(fib: Fib): (dst: ClassSet) => Ending {
  const known = new Map<ClassSet, Ending>();
  return (dst) => {
    const ending = known.get(dst) ?? { parts: [{ dst, end: walkEnd(fib) }] };
    known.set(dst, ending);
    return ending;
  };
}

function isActing({ from, ending }: Progress, step: number): boolean {
  return ending === undefined && from <= step;
}

/** Whether a rule that two states have in common does the same in both, because what it rests on is the very same. */
function actsAlike(a: Fib, ofA: CompiledRule, b: Fib, ofB: CompiledRule): boolean {
  if (ofA.rule.action.type !== "lookup" || ofA.rule.l3mdev) return true;
  if (a.state.links !== b.state.links || a.state.sysctls !== b.state.sysctls) return false;
  const [one, other] = [findTable(a, ofA), findTable(b, ofB)];
  return one === other;
}

/** Where a walk stands behind a rule: at its end, at the step a `goto` leads to, or where it was. */
function advance(progress: Progress, ending?: Ending, rule?: CompiledRule, places?: Int32Array): Progress {
  if (ending) return { from: progress.from, ending };
  const target = rule?.rule.action.type === "goto" ? rule.target : undefined;
  return target === undefined ? progress : { from: places?.[target] ?? progress.from };
}

/** For each step, itself included, the next one at which a state has a rule. */
function nextSteps(steps: readonly ScriptStep[], state: number): Int32Array {
  const next = new Int32Array(steps.length + 1).fill(steps.length);
  for (let step = steps.length - 1; step >= 0; step--) {
    next[step] = (steps[step] as ScriptStep)[state] ? step : (next[step + 1] as number);
  }
  return next;
}

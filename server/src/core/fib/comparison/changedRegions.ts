import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { decide } from "../decide.js";
import type { Decision } from "../decision.js";
import { fibOf } from "../fibOf.js";
import type { Flow } from "../flow.js";
import { type Box, type BoxSelector, boxSelector, type FlowSpace, splitBox } from "./box.js";
import { actMerged, actOnBox, type BoxEnd, type BoxOutcome, walkEnd } from "./boxAction.js";
import { exampleOfBox } from "./exampleOfBox.js";
import { flowSpace, nexthopDevices, wholeSpace } from "./flowSpace.js";
import { type RuleScript, ruleScript, type ScriptStep } from "./ruleScript.js";
import { findTouches, isTouched, isTouchedAt, type Touch } from "./touch.js";

/** Flows that all went one way, by one table to one place, and now all go another. */
export interface ChangedRegion {
  readonly space: FlowSpace;
  /** The flows. No two boxes of any regions of one comparison have a flow in common. */
  readonly boxes: readonly Box[];
  /** One of them, an ordinary one, with its decision in both states. */
  readonly flow: Flow;
  readonly before: Decision;
  readonly after: Decision;
}

export interface Comparison {
  /** Every region of flows that the two states treat differently. */
  readonly regions: readonly ChangedRegion[];
  /** Whether all flows were compared: lists made to be nasty can have more regions than anybody reads. */
  readonly complete: boolean;
}

/** More parts of the space than this are not looked at. */
const partLimit = 400_000;

/** How far the walk of one state is. */
interface Progress {
  /** The step from which on it goes on: behind a jump, it skips what lies between. */
  readonly from: number;
  readonly end?: BoxEnd;
}

/** A part of the space on its way down the rules of both states, with `step` to be taken next. */
interface Part {
  readonly box: Box;
  readonly step: number;
  readonly before: Progress;
  readonly after: Progress;
}

/**
 * Which flows two states treat differently, exactly: all flows go down the rules of both states together, and are told apart only where a
 * rule or a table does. What no difference ahead can touch is left out at once, so that a small change costs little in large states.
 *
 * Compared are forwarded packets, the node's own with and without a source, and sockets bound to a device that a rule names by `oif`.
 * Where a list of rules is missing from one of the states, there is nothing to compare.
 */
export function changedRegions(before: NodeState, after: NodeState, family: Family): Comparison {
  const fibs = { before: fibOf(before, family), after: fibOf(after, family) };
  if (!fibs.before.rules || !fibs.after.rules)
    return { regions: [], complete: !fibs.before.rules && !fibs.after.rules };
  const space = flowSpace(fibs.before, fibs.after);
  const script = ruleScript(fibs.before, fibs.after);
  const selectors = script.steps.map(({ before: left, after: right }) => {
    const { selector, rule } = (left ?? right) as CompiledRule;
    return boxSelector(space, selector, rule);
  });
  const touches = findTouches(space, fibs.before, fibs.after, script, selectors);
  if (touches.length === 0) return { regions: [], complete: true };
  const found = collector(space, fibs.before, fibs.after);
  const complete = walkTogether(space, fibs, script, selectors, touches, found.add);
  return { regions: found.regions(), complete };
}

function walkTogether(
  space: FlowSpace,
  fibs: { readonly before: Fib; readonly after: Fib },
  { steps, ...places }: RuleScript,
  selectors: readonly BoxSelector[],
  touches: readonly Touch[],
  found: (box: Box, before: BoxEnd, after: BoxEnd) => void,
): boolean {
  const todo = wholeSpace(space, fibs.before, fibs.after, touches).flatMap(startParts);
  for (let count = 0; count < partLimit; count++) {
    const part = todo.pop();
    if (!part) return true;
    follow(part);
  }
  return todo.length === 0;

  /** While a state has only the default rules, its one look-up stands before all steps. */
  function startParts(whole: Box): Part[] {
    const starts = (fib: Fib, box: Box): readonly BoxOutcome[] =>
      fib.merged ? actMerged(space, fib, fib.merged, box) : [{ box }];
    return starts(fibs.before, whole).flatMap((first) =>
      starts(fibs.after, first.box).map((second) => ({
        box: second.box,
        step: 0,
        before: advance({ from: 0 }, first.end),
        after: advance({ from: 0 }, second.end),
      })),
    );
  }

  /** Takes a part down to where something tells its flows apart; what comes of it is a part again. */
  function follow({ box, step: first, before, after }: Part): void {
    let rest = box;
    for (let step = first; step < steps.length && !(before.end && after.end); step++) {
      const { before: left, after: right } = steps[step] as ScriptStep;
      const acting = {
        left: isActing(before, step) ? left : undefined,
        right: isActing(after, step) ? right : undefined,
      };
      if (!acting.left && !acting.right) continue;
      const { vrfs } = left ? fibs.before : fibs.after;
      const { inside, outside } = splitBox(rest, selectors[step] as BoxSelector, vrfs.of);
      if (inside.length === 0) continue;
      for (const met of inside) act({ box: met, step, before, after }, acting);
      const [next, ...others] = outside.filter((each) => mayPart({ box: each, step: step + 1, before, after }));
      if (!next) return;
      rest = next;
      for (const each of others) todo.push({ box: each, step: step + 1, before, after });
    }
    found(rest, before.end ?? walkEnd(fibs.before), after.end ?? walkEnd(fibs.after));
  }

  /** Lets a rule act on a part that matches it, in the states in which its turn has come. */
  function act(
    part: Part,
    { left, right }: { readonly left?: CompiledRule | undefined; readonly right?: CompiledRule | undefined },
  ): void {
    if (!mayPart(part)) return;
    const { box, step, before, after } = part;
    // Both have the same rule, and its table holds the same for these flows: what it decides, it decides alike.
    const alike = left !== undefined && right !== undefined && !isTouchedAt(box, touches, step);
    for (const first of left ? actOnBox(space, fibs.before, left, box) : [{ box }]) {
      if (alike && first.end) continue;
      for (const second of right && !alike ? actOnBox(space, fibs.after, right, first.box) : [{ box: first.box }]) {
        const next: Part = {
          box: second.box,
          step: step + 1,
          before: advance(before, first.end, left, places.before),
          after: advance(after, second.end, right, places.after),
        };
        if (next.before.end && next.after.end) found(next.box, next.before.end, next.after.end);
        else if (mayPart(next)) todo.push(next);
      }
    }
  }

  /** Whether the two walks may still part; once only one of them has ended or jumped, they have. */
  function mayPart({ box, step, before, after }: Part): boolean {
    return (
      before.end !== after.end || before.from !== after.from || before.from > step || isTouched(box, touches, step)
    );
  }
}

function isActing({ from, end }: Progress, step: number): boolean {
  return end === undefined && from <= step;
}

/** Where a walk stands behind a rule: at its end, at the step a `goto` leads to, or where it was. */
function advance(progress: Progress, end?: BoxEnd, rule?: CompiledRule, places?: Int32Array): Progress {
  if (end) return { from: progress.from, end };
  const target = rule?.rule.action.type === "goto" ? rule.target : undefined;
  return target === undefined ? progress : { from: places?.[target] ?? progress.from };
}

/** Puts together what went the same way before, and goes the same way after, with an example that shows both. */
function collector(space: FlowSpace, before: Fib, after: Fib) {
  const devices = nexthopDevices(before, after);
  const regions = new Map<string, ChangedRegion & { readonly boxes: Box[] }>();
  return {
    add(box: Box, from: BoxEnd, to: BoxEnd): void {
      if (from.outcome === to.outcome) return;
      const key = `${from.way} > ${to.way}`;
      const known = regions.get(key);
      if (known) {
        known.boxes.push(box);
        return;
      }
      const flow = exampleOfBox(space, box, devices);
      if (flow)
        regions.set(key, { space, boxes: [box], flow, before: decide(before, flow), after: decide(after, flow) });
    },
    regions: (): ChangedRegion[] => [...regions.values()],
  };
}

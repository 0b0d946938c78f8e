import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { type ClassSet, uniteClasses } from "../classSet.js";
import type { Fib } from "../compileFib.js";
import { decide } from "../decide.js";
import type { Decision } from "../decision.js";
import { fibOf } from "../fibOf.js";
import type { Flow } from "../flow.js";
import { type Box, boxSelector, type FlowSpace } from "./box.js";
import { type Ending, type JointEnd, overlayEndings } from "./ending.js";
import { exampleOfBox } from "./exampleOfBox.js";
import { flowSpace, nexthopDevices } from "./flowSpace.js";
import { ruleOfStep, ruleScript } from "./ruleScript.js";
import { findTouches } from "./touch.js";
import { type WalkedFibs, walkTogether } from "./walkTogether.js";

/** Flows that all went one way, by one table to one place, and now all go another. */
export interface ChangedRegion {
  readonly space: FlowSpace;
  /** The flows. No two boxes of any regions of one comparison have a flow in common. */
  readonly boxes: readonly Box[];
  /** One of them, an ordinary one, with its decision in both states. */
  readonly flow: Flow;
  readonly before: Decision;
  readonly after: Decision;
  /** The decisions of the states beside them; the flows of a region go one way in each of these, too. */
  readonly beside: readonly Decision[];
}

export interface Comparison {
  /** Every region of flows that the two states treat differently; or so many of each sort as was asked for. */
  readonly regions: readonly ChangedRegion[];
  /** How many regions there are besides. */
  readonly untold: number;
  /** Whether all flows were compared: lists made to be nasty can have more regions than anybody reads. */
  readonly complete: boolean;
}

export interface ComparisonOptions {
  /** The space to compare in, where several comparisons share one: that of all their states. */
  readonly space?: FlowSpace | undefined;
  /** States by which changed flows are told apart as well. */
  readonly beside?: readonly NodeState[];
  /**
   * How many regions of one sort are told; of others, only the number. Of one sort are those whose answers are of the same kinds (see
   * `AnswerKinds`) and which in the same states are the same: they differ in devices and tables only.
   */
  readonly alike?: number;
}

/**
 * Which flows two states treat differently, exactly: all flows go down the rules of both states together, and are told apart only where a
 * rule or a table does. What no difference ahead can touch is left out at once, so that a small change costs little in large states.
 *
 * Compared are forwarded packets, the node's own with and without a source, and sockets bound to a device that a rule names by `oif`.
 * Where a list of rules is missing from one of the states, there is nothing to compare.
 */
export function changedRegions(
  before: NodeState,
  after: NodeState,
  family: Family,
  { space: shared, beside = [], alike = Number.POSITIVE_INFINITY }: ComparisonOptions = {},
): Comparison {
  const compared = [fibOf(before, family), fibOf(after, family)] as const;
  if (compared.some(({ rules }) => !rules))
    return { regions: [], untold: 0, complete: compared.every(({ rules }) => !rules) };
  const fibs: WalkedFibs = [...compared, ...beside.map((state) => fibOf(state, family))];
  const space = shared ?? flowSpace(fibs);
  const script = ruleScript(fibs);
  const selectors = script.steps.map((step) => boxSelector(space, ruleOfStep(step)));
  const touches = findTouches(space, compared, script, selectors);
  if (touches.list.length === 0) return { regions: [], untold: 0, complete: true };
  const found = collector(space, fibs, alike);
  const complete = walkTogether(space, fibs, script, selectors, touches, found.add);
  return { ...found.result(), complete };
}

/** Boxes that differ in their sources only, and whose walks end alike. */
interface BoxGroup {
  readonly box: Box;
  readonly endings: readonly Ending[];
  readonly sources: ClassSet[];
}

/** Puts together what went the same way before, and goes the same way after, with an example that shows both. */
function collector(space: FlowSpace, fibs: WalkedFibs, alike: number) {
  const devices = nexthopDevices(fibs);
  const groups = new Map<string, BoxGroup>();
  const numberOf = numbering();
  const regions = new Map<string, ChangedRegion & { readonly boxes: Box[] }>();
  const untold = new Set<string>();
  const sorts = new Map<string, number>();

  function addRegion(box: Box, { key, sort }: JointWay): void {
    const known = regions.get(key);
    if (known) {
      known.boxes.push(box);
      return;
    }
    const ofSort = sorts.get(sort) ?? 0;
    if (ofSort >= alike) {
      untold.add(key);
      return;
    }
    const flow = exampleOfBox(space, box, devices);
    if (!flow) return;
    sorts.set(sort, ofSort + 1);
    const [before, after, ...beside] = fibs;
    const decideIn = (fib: Fib): Decision => decide(fib, flow);
    regions.set(key, {
      space,
      boxes: [box],
      flow,
      before: decideIn(before),
      after: decideIn(after),
      beside: beside.map(decideIn),
    });
  }

  return {
    add(box: Box, endings: readonly Ending[]): void {
      const key = [box.src === undefined, ...[box.template, box.premises, box.dst, ...endings].map(numberOf)].join();
      const group = groups.get(key) ?? { box, endings, sources: [] };
      groups.set(key, group);
      if (box.src) group.sources.push(box.src);
    },
    result() {
      // The node's own packets and forwarded ones mostly end alike.
      const joints = new Map<string, readonly JointWay[]>();
      for (const { box, endings, sources } of groups.values()) {
        const src = box.src && uniteClasses(sources);
        const key = [box.dst, ...endings].map(numberOf).join();
        const joint = joints.get(key) ?? overlayEndings(box.dst, endings).map(jointWay);
        joints.set(key, joint);
        for (const each of joint) addRegion({ ...box, src, dst: each.dst }, each);
      }
      return { regions: [...regions.values()], untold: untold.size };
    },
  };
}

/** A number for each object, the same for the same. */
function numbering(): (object: object) => number {
  const numbers = new Map<object, number>();
  return (object) => {
    const number = numbers.get(object) ?? numbers.size;
    numbers.set(object, number);
    return number;
  };
}

/** Destinations for which several walks end in one way each. */
interface JointWay {
  readonly dst: ClassSet;
  /** The ways in one word, and the sorts. */
  readonly key: string;
  readonly sort: string;
}

function jointWay({ dst, ends }: JointEnd): JointWay {
  return {
    dst,
    key: ends.map(({ way }) => way).join(" > "),
    sort: ends
      .map(({ sort, outcome }) => `${ends.findIndex((other) => other.outcome === outcome)} ${sort}`)
      .join(" > "),
  };
}

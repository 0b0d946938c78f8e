import { isCniDevice } from "../cilium/devices.js";
import { classesOf } from "../fib/classSet.js";
import { type ChangedRegion, changedRegions } from "../fib/comparison/changedRegions.js";
import { exampleOfBox } from "../fib/comparison/exampleOfBox.js";
import { nexthopDevices } from "../fib/comparison/flowSpace.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { wordsForDecision } from "../fib/decisionWords.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import { type Family, familyBits } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { Goal } from "./candidate.js";
import { findSourceEffects } from "./findSourceEffects.js";
import type { Effect, SideEffect } from "./fix.js";

/** What two states answer differently, apart from what is wanted. */
export interface SideEffects {
  readonly effects: readonly SideEffect[];
  /** Whether every region of flows was compared; else the two states differ in more ways than anybody reads. */
  readonly whole: boolean;
}

/** Flows of one comparison that are looked at one by one; more would keep a person waiting. */
const mostFlows = 20_000;

function isLocal(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

function leadsToPods(decision: Decision): boolean {
  if (decision.type !== "route" || decision.route.type !== "unicast") return false;
  return decision.nexthops.some((index) => isCniDevice(decision.route.nexthops[index]?.dev ?? ""));
}

/** Whether a packet is delivered here for an address of the node, not for a whole prefix that is taken to be local. */
function isOwnAddress(decision: Decision): boolean {
  if (decision.type !== "route" || decision.route.type !== "local") return false;
  const { dst } = decision.route;
  return dst.length === familyBits(dst.family);
}

/** Harmful is what loses its route, what is for the node itself and does not get there, and what reached a pod and no longer does. */
function judge({ before, after }: Effect, meant: Decision): SideEffect["judgement"] {
  const loses = before.type === "route" && after.type !== "route";
  const missesNode = (isLocal(meant) || isLocal(before)) && !isLocal(after);
  const missesPod = leadsToPods(before) && !leadsToPods(after) && !isOwnAddress(after);
  return loses || missesNode || missesPod ? "harmful" : "neutral";
}

/** A flow to every class of destinations in a region: all of them change alike, but not all of them need be meant for the same place. */
function* flowsOf({ space, boxes }: ChangedRegion, devices: readonly string[]): Generator<Flow> {
  for (const box of boxes) {
    for (const at of classesOf(box.dst)) {
      const flow = exampleOfBox(space, { ...box, dst: [at, at + 1] }, devices);
      if (flow) yield flow;
    }
  }
}

function sideEffectsOf(before: NodeState, after: NodeState, family: Family, goal: Goal): SideEffects {
  const fibs = { before: fibOf(before, family), after: fibOf(after, family), natural: fibOf(goal.natural, family) };
  const devices = nexthopDevices(fibs.before, fibs.after);
  const { regions, complete } = changedRegions(before, after, family);
  const effects = new Map<string, SideEffect>();
  let looked = 0;
  for (const [number, region] of regions.entries()) {
    for (const flow of flowsOf(region, devices)) {
      if (++looked > mostFlows) return { effects: [...effects.values()], whole: false };
      const effect = { flow, before: decide(fibs.before, flow), after: decide(fibs.after, flow) };
      const meant = decide(fibs.natural, flow);
      const judgement = judge(effect, meant);
      if (judgement === "neutral" && goal.isWanted(effect, meant)) continue;
      const key = `${number} ${judgement} ${wordsForDecision(meant)}`;
      if (!effects.has(key)) effects.set(key, { ...effect, judgement });
    }
  }
  return { effects: [...effects.values()], whole: complete };
}

/**
 * What changes besides what is wanted: one example for each region of flows that the two states treat differently and each place that its
 * flows are meant for, judged by what the node answers without the fault; and what other settings of source validation accept besides.
 */
export function findSideEffects(before: NodeState, after: NodeState, goal: Goal): SideEffects {
  const families = ([4, 6] as const).filter((family) => before.families[family] !== after.families[family]);
  const found = [
    ...families.map((family) => sideEffectsOf(before, after, family, goal)),
    ...(before.sysctls === after.sysctls ? [] : [findSourceEffects(before, after, goal)]),
  ];
  return {
    effects: found.flatMap(({ effects }) => effects),
    whole: found.every(({ whole }) => whole),
  };
}

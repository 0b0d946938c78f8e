import { isCniDevice } from "../cilium/devices.js";
import type { AnswerKinds } from "../fib/comparison/box.js";
import type { Decision } from "../fib/decision.js";
import { leadsToPeerPods } from "../findings/pods/peerPods.js";
import type { Route } from "../iproute/route.js";
import { familyBits } from "../net/address.js";
import type { NodeState } from "../state/nodeState.js";
import type { Effect, SideEffect } from "./fix.js";

/** What a route is to its packets: `own` address of the node, the way to a pod here or on another node, or nothing of that. */
type Meaning = "own" | "local" | "pods" | "peers" | "other";

function meaningOf(state: NodeState, { type, dst, nexthops, ...route }: Route, used: readonly number[]): Meaning {
  // A whole prefix may be taken to be local without an address of the node in it.
  if (type === "local") return dst.length === familyBits(dst.family) ? "own" : "local";
  if (type !== "unicast") return "other";
  if (used.some((index) => isCniDevice(nexthops[index]?.dev ?? ""))) return "pods";
  const family = state.families[dst.family];
  return leadsToPeerPods({ type, dst, nexthops, ...route }, family) ? "peers" : "other";
}

function meaningOfDecision(state: NodeState, decision: Decision): Meaning {
  return decision.type === "route" ? meaningOf(state, decision.route, decision.nexthops) : "other";
}

/** The kinds of routes that `judgeEffect` tells apart, for comparing the states in which it is asked. */
export function judgedKinds(state: NodeState): AnswerKinds["ofRoute"] {
  return (route) =>
    meaningOf(
      state,
      route,
      route.nexthops.map((_, at) => at),
    );
}

const toNode: ReadonlySet<Meaning> = new Set(["own", "local"]);
const toPods: ReadonlySet<Meaning> = new Set(["pods", "peers"]);

/**
 * Harmful is what loses its route, what is for the node itself and does not get there, and what reached a pod, of this node or of another
 * one, and no longer does.
 *
 * @param state the node before, whose routes tell where pods are
 * @param meant the answer without the fault
 */
export function judgeEffect(
  state: NodeState,
  { before, after }: Pick<Effect, "before" | "after">,
  meant: Decision,
): SideEffect["judgement"] {
  const [was, is, wanted] = [before, after, meant].map((decision) => meaningOfDecision(state, decision));
  if (!was || !is || !wanted) return "neutral";
  const loses = before.type === "route" && after.type !== "route";
  const missesNode = (toNode.has(was) || toNode.has(wanted)) && !toNode.has(is);
  const missesPod = toPods.has(was) && !toPods.has(is) && is !== "own";
  return loses || missesNode || missesPod ? "harmful" : "neutral";
}

import type { CaseNode } from "../case/case.js";
import { decide } from "../fib/decide.js";
import { fibOf } from "../fib/fibOf.js";
import { lookup } from "../fib/lookup.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import type { Finding, FindingData, Victim } from "../findings/finding.js";
import { decisionsOf } from "../findings/packets/divergedPath.js";
import { isGrave } from "../findings/shadowing/victimKind.js";
import type { Rule } from "../iproute/rule.js";
import { firstAddress } from "../net/prefix.js";
import { firstForwarding } from "../path/flowAtRouting.js";
import { flowOf, lookupRouted } from "../path/routedPacket.js";
import { removeRule } from "../state/editRules.js";
import type { NodeState } from "../state/nodeState.js";
import type { Goal, Target } from "./candidate.js";
import { copyRoute } from "./candidates/copyRoute.js";
import { narrowRule } from "./candidates/narrowRule.js";
import { specificFirst } from "./candidates/specificFirst.js";
import { throwRoute } from "./candidates/throwRoute.js";
import { wantedRoutes, withoutNested } from "./candidates/wantedRoutes.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";

/** The captured packets that this very rule sent astray. */
function capturedTargets(node: CaseNode, rule: Rule, natural: NodeState): Target[] {
  return node.traces.flatMap((trace): Target[] => {
    const packet = trace.parting === undefined ? undefined : firstForwarding(node.context, trace.packet);
    if (!packet || decisionsOf(trace).taken?.rule !== rule) return [];
    const wanted = lookupRouted(natural, packet);
    return [
      {
        flow: flowOf(packet),
        ask: (state) => lookupRouted(state, packet),
        isRepaired: (after) => sameOutcome(after, wanted),
      },
    ];
  });
}

/** Rules alike that are tried; the others differ in their source only. */
const triedAlike = 5;

/** Flows of the sources of rules alike, to the routes that they take packets away from as well. */
function alikeTargets(grave: readonly Victim[], alike: readonly Rule[], natural: NodeState): Target[] {
  const [first] = grave;
  if (!first) return [];
  return alike.slice(0, triedAlike).flatMap(({ from, family }): Target[] => {
    if (!from) return [];
    const flow = { ...first.taken.flow, src: firstAddress(from) };
    const wanted = decide(fibOf(natural, family), flow);
    return [
      {
        flow,
        ask: (state) => decide(fibOf(state, family), flow),
        isRepaired: (after) => sameOutcome(after, wanted),
      },
    ];
  });
}

function goalOf(node: CaseNode, rule: Rule, grave: readonly Victim[], alike: readonly Rule[]): Goal {
  const natural = [rule, ...alike].reduce(removeRule, node.state);
  const captured = [rule, ...alike].flatMap((each) => capturedTargets(node, each, natural));
  // A captured packet says more than a made-up one for the same route.
  const reached = new Set(
    captured.flatMap(({ ask }) => {
      const decision = ask(natural);
      return decision.type === "route" ? [decision.route] : [];
    }),
  );
  const examples = grave
    .filter(({ otherwise }) => !reached.has(otherwise.route))
    .map(({ taken: { flow }, otherwise }): Target => {
      return {
        flow,
        ask: (state) => lookup(fibOf(state, rule.family), flow),
        isRepaired: (after) => sameOutcome(after, otherwise),
      };
    });
  const taken = new Set(grave.map(({ route }) => route));
  return {
    purpose: "repair",
    targets: [...captured, ...examples, ...alikeTargets(grave, alike, natural)],
    natural,
    asksFor: { route: (route) => taken.has(route) },
    isWanted: ({ after }, meant) => meant.type === "route" && taken.has(meant.route) && sameOutcome(after, meant),
  };
}

/** Rules that differ in their source only are repaired by one rule for all sources, which also covers those that are added later. */
function modelOf(rule: Rule, alike: readonly Rule[]): Rule {
  const { from, ...others } = rule;
  return alike.length === 0 || rule.not ? rule : others;
}

/**
 * The repairs of a shadowing rule and of those alike, each simulated on every captured packet the rules sent astray, on an example of each
 * route they take away, and on every region of flows it touches. What does not repair, or does harm, is not among them.
 */
export function fixShadowingRule(
  node: CaseNode,
  finding: Finding,
  { rule, victims, alike }: FindingData & { readonly code: "shadowing-rule" },
): Fix[] {
  const gravest = victims.filter(isGrave);
  const grave = gravest.length > 0 ? gravest : victims;
  const wanted = wantedRoutes(rule, grave);
  const { state } = node;
  const model = modelOf(rule, alike);
  return simulateAll(state, finding, goalOf(node, rule, grave, alike), [
    narrowRule(state, rule, model, wanted),
    specificFirst(state, rule, model, wanted),
    throwRoute(state, rule, wanted),
    copyRoute(state, rule, withoutNested(grave)),
  ]);
}

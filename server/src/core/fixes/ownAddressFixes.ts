import type { CaseNode } from "../case/case.js";
import { ruleOwner } from "../cilium/ruleOwners.js";
import { decide } from "../fib/decide.js";
import type { Decision } from "../fib/decision.js";
import { flowsMatching } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import type { Flow } from "../fib/flow.js";
import type { Finding } from "../findings/finding.js";
import type { Rule } from "../iproute/rule.js";
import { type Address, type Family, familyBits } from "../net/address.js";
import { removeRule } from "../state/editRules.js";
import { type NodeState, reservedTables, tableId } from "../state/nodeState.js";
import type { Candidate, Goal, Target } from "./candidate.js";
import { moveBehind } from "./candidates/moveRule.js";
import { ruleForAll } from "./candidates/ruleFor.js";
import type { Fix } from "./fix.js";
import { prioritiesBefore } from "./priorityGap.js";
import { simulateAll } from "./simulate.js";

const localTable = { id: reservedTables.local, name: "local" } as const;

function isDelivered(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

/** What table local answers is what the rule is for: own addresses, and broadcast ones. */
function isOfLocal(decision: Decision): boolean {
  return decision.type === "route" && decision.table.id === reservedTables.local;
}

/** Whether a rule looks up table local. */
function asksLocal(state: NodeState): (rule: Rule) => boolean {
  return ({ action }) => action.type === "lookup" && tableId(state, action.table) === reservedTables.local;
}

function target(flow: Flow): Target {
  return { flow, ask: (state) => decide(fibOf(state, flow.family), flow), isRepaired: isDelivered };
}

function addLocal(family: Family, priority: number, notes: readonly string[]): Candidate {
  return {
    kind: "add-local",
    title: `Look up table local at priority ${priority}`,
    changes: [{ type: "add-rule", rule: ruleForAll(family, priority, localTable) }],
    notes,
  };
}

/** A rule that takes packets for the node's own addresses: moved behind `lookup local`, or table local looked up before it as well. */
export function fixRuleBeforeLocal(
  node: CaseNode,
  finding: Finding,
  rule: Rule,
  local: Rule,
  addresses: readonly Address[],
): Fix[] {
  const { state } = node;
  const fib = fibOf(state, rule.family);
  const isTaken = (flow: Flow): boolean => {
    const decision = decide(fib, flow);
    return (decision.type === "route" || decision.type === "error") && decision.rule === rule && !isDelivered(decision);
  };
  const targets = addresses.flatMap((address) => {
    const flow = flowsMatching(rule, address, state).find(isTaken);
    return flow ? [target(flow)] : [];
  });
  const goal: Goal = {
    purpose: "repair",
    targets,
    natural: removeRule(state, rule),
    asksFor: { rule: asksLocal(state) },
    isWanted: ({ after }) => isOfLocal(after),
  };
  const chosen = prioritiesBefore(state, rule, 1);
  return simulateAll(state, finding, goal, [
    moveBehind(state, rule, local),
    chosen &&
      addLocal(rule.family, chosen.priorities[0] ?? 0, [
        `Leaves rule ${rule.priority} where it is, for whoever relies on its number.`,
        chosen.why,
      ]),
  ]);
}

/** A node without `lookup local` gets the rule back: at 0, or at 100 where Cilium's own rules have to stand before it. */
export function fixNoLocalRule(node: CaseNode, finding: Finding, family: Family): Fix[] {
  const { state } = node;
  const { rules = [], tables } = state.families[family];
  const own = (tables.get(reservedTables.local)?.routes ?? []).filter(
    ({ type, dst, nexthops }) => type === "local" && dst.length === familyBits(family) && nexthops[0]?.dev !== "lo",
  );
  const everything = ruleForAll(family, 0, localTable);
  const targets = own.flatMap(({ dst }) => flowsMatching(everything, dst, state).slice(-1).map(target));
  const ofCilium = (rules ?? []).some((rule) => rule.priority < 100 && ruleOwner(rule)?.owner === "Cilium");
  const why = ofCilium
    ? "Priority 100 is where Cilium puts it, so that its own rules at 9 and 10 stand before it."
    : "Priority 0 is where the kernel puts it when the network is set up.";
  const goal: Goal = {
    purpose: "repair",
    targets,
    natural: state,
    asksFor: { rule: asksLocal(state) },
    isWanted: ({ after }) => isOfLocal(after),
  };
  return simulateAll(state, finding, goal, [addLocal(family, ofCilium ? 100 : 0, [why])]);
}

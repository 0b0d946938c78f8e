import type { CaseNode } from "../case/case.js";
import { isPodDevice } from "../cilium/devices.js";
import { decide } from "../fib/decide.js";
import { fibOf } from "../fib/fibOf.js";
import { sameOutcome } from "../fib/sameOutcome.js";
import { isWorse, type NodeDifference } from "../findings/changes/nodeDifference.js";
import type { Finding } from "../findings/finding.js";
import type { Route } from "../iproute/route.js";
import { type NodeState, reservedTables } from "../state/nodeState.js";
import type { Candidate, Goal, Target } from "./candidate.js";
import type { Change } from "./change.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";

/** More than this is not brought back by hand: whoever made it has to make it again. */
const mostChanges = 12;

function counted(count: number, noun: string): string[] {
  return count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`];
}

/** Whether a route's devices are there. Those of pods come and go with their pods, and bring their routes along. */
function hasDevices({ links, linksComplete }: NodeState, { nexthops }: Route): boolean {
  return nexthops.every(({ dev }) => dev === undefined || (!isPodDevice(dev) && (links.has(dev) || !linksComplete)));
}

/** Brings back the rules and routes that are gone; what is new or moved stays as it is. */
function bringBack(state: NodeState, { changes, causes }: NodeDifference): Candidate | undefined {
  const rules = Object.values(changes.rules).flatMap(({ gone }) => gone);
  const routes = changes.tables
    .flatMap(({ gone }) => gone)
    .filter((route) => route.table.id !== reservedTables.local && hasDevices(state, route))
    // What leads to a gateway has to be there before the route by it.
    .toSorted((a, b) => Number(a.nexthops.some(({ via }) => via)) - Number(b.nexthops.some(({ via }) => via)));
  const all: Change[] = [
    ...routes.map((route): Change => ({ type: "add-route", route })),
    ...rules.map((rule): Change => ({ type: "add-rule", rule })),
  ];
  if (all.length === 0 || all.length > mostChanges) return undefined;
  const what = [...counted(rules.length, "rule"), ...counted(routes.length, "route")].join(" and ");
  const [cause] = causes;
  return {
    kind: "bring-back",
    title: `Bring back ${what} that the later dump lacks`,
    changes: all,
    notes: [
      cause
        ? `${cause.who} usually does such a thing: without a change there, they go again.`
        : "Whatever took them away may do so again.",
    ],
  };
}

/** What a node lost between two dumps, brought back: each flow that is worse off must get its earlier answer. */
export function fixStateChanged({ state }: CaseNode, finding: Finding, difference: NodeDifference): Fix[] {
  const targets = difference.regions.filter(isWorse).map(({ flow, before }): Target => {
    return {
      flow,
      ask: (asked) => decide(fibOf(asked, flow.family), flow),
      isRepaired: (after) => sameOutcome(after, before),
    };
  });
  const goal: Goal = {
    purpose: "repair",
    targets,
    natural: difference.before,
    isWanted: ({ after }, meant) => sameOutcome(after, meant),
  };
  return simulateAll(state, finding, goal, [bringBack(state, difference)]);
}

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { classesWithin, exampleOfClass, exampleWithin } from "../../../server/src/core/fib/addressClasses.js";
import { decide } from "../../../server/src/core/fib/decide.js";
import { flowsMatching } from "../../../server/src/core/fib/exampleFlows.js";
import { fibOf } from "../../../server/src/core/fib/fibOf.js";
import { exampleDestinations } from "../../../server/src/core/fib/reach/exampleDestinations.js";
import { sameOutcome } from "../../../server/src/core/fib/sameOutcome.js";
import { takesOnPurpose } from "../../../server/src/core/findings/knownOwner.js";
import type { Loss } from "../../../server/src/core/findings/shadowing/losses.js";
import { shadowsIn } from "../../../server/src/core/findings/shadowing/shadowsIn.js";
import { graveKind, isGrave } from "../../../server/src/core/findings/shadowing/victimKind.js";
import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import type { Route } from "../../../server/src/core/iproute/route.js";
import type { Rule } from "../../../server/src/core/iproute/rule.js";
import { type Address, sameAddress } from "../../../server/src/core/net/address.js";
import { containsPrefix } from "../../../server/src/core/net/prefix.js";
import { removeRule } from "../../../server/src/core/state/editRules.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";
import type { NodeState } from "../../../server/src/core/state/nodeState.js";
import { drawnDumps } from "./drawnDump.js";

/** An address of the route that the rule asks for, and no longer prefix of any table. */
function exampleFor(state: NodeState, { to, not }: Rule, { dst }: Route): Address | undefined {
  const classes = exampleDestinations(state, 4);
  const [own = 0] = classesWithin(classes, dst);
  if (!to || not || containsPrefix(to, dst)) return exampleOfClass(classes, own);
  return containsPrefix(dst, to) ? exampleWithin(classes, to) : undefined;
}

/** Whether a rule takes an example packet away from a route, by looking it up by all rules, and by all but this one. */
function takesAway(state: NodeState, rule: Rule, route: Route): boolean {
  const dst = exampleFor(state, rule, route);
  const without = fibOf(removeRule(state, rule), 4);
  return (dst ? flowsMatching(rule, dst, state) : []).some((flow) => {
    if (sameAddress(flow.src ?? undefined, flow.dst)) return false;
    const taken = decide(fibOf(state, 4), flow);
    const otherwise = decide(without, flow);
    return (
      taken.type === "route" &&
      taken.rule === rule &&
      !sameAddress(flow.src ?? undefined, flow.dst) &&
      taken.route.dst.length < route.dst.length &&
      otherwise.type === "route" &&
      otherwise.route === route &&
      !sameOutcome(taken, otherwise)
    );
  });
}

/** Whether the packet of a loss is taken from the route indeed. */
function showsLoss(state: NodeState, rule: Rule, { flow, route }: Loss): boolean {
  const taken = decide(fibOf(state, 4), flow);
  const otherwise = decide(fibOf(removeRule(state, rule), 4), flow);
  const isTaken = taken.type === "route" && taken.rule === rule;
  return isTaken && otherwise.type === "route" && otherwise.route === route && !sameOutcome(taken, otherwise);
}

function pair(rule: Rule, route: Route): string {
  return `${rule.place.start} ${printRule(rule)} > ${route.place.start} ${printRoute(route)}`;
}

/** Connected networks are victims of tunnels alone, by another measure than the length of prefixes. */
function isCompared(route: Route, { families }: NodeState): boolean {
  const kind = route.type === "unicast" && route.dst.length > 0 ? graveKind(route, families[4]) : undefined;
  return kind === "pods" || kind === "tunnel";
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 100);

describe("The routes that rules take packets away from", () => {
  it("are all that looking up every rule's example of every route shows", () => {
    let count = 0;
    fc.assert(
      fc.property(drawnDumps, (lines) => {
        const { transcript } = readFile({ file: "node.txt", text: lines.join("\n") });
        const state = mergeNode("node", [transcript]);
        const { rules = [], tables } = state.families[4];
        fc.pre(!rules.some(({ action }) => action.type === "goto"));
        const found = shadowsIn(state, 4);
        // Of many that differ in their source only, one victim is told; lists this short seldom have so many.
        fc.pre(found.every(({ alike }) => alike.length === 0));
        const quick = found.flatMap(({ rule, losses }) =>
          losses.filter((loss) => isGrave(loss) && isCompared(loss.route, state)).map(({ route }) => pair(rule, route)),
        );
        const routes = [...tables.values()].flatMap((table) =>
          table.routes.filter((route) => isCompared(route, state)),
        );
        const slow = rules
          .filter((rule) => rule.action.type === "lookup" && !takesOnPurpose(rule))
          .flatMap((rule) => routes.filter((route) => takesAway(state, rule, route)).map((route) => pair(rule, route)));
        count += slow.length;
        // There may be more, which other packets show.
        assert.deepEqual(
          [...new Set(slow)].filter((each) => !quick.includes(each)),
          [],
        );
        for (const { rule, losses } of found) for (const loss of losses) assert.ok(showsLoss(state, rule, loss));
      }),
      { numRuns: runs, endOnFailure: true },
    );
    assert.ok(count > runs / 4, `${count} routes were taken from`);
  });
});

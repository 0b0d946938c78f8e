import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type ChangedRegion, changedRegions } from "../../../../server/src/core/fib/comparison/changedRegions.js";
import { flowSpace } from "../../../../server/src/core/fib/comparison/flowSpace.js";
import { regionHolds } from "../../../../server/src/core/fib/comparison/regionHolds.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import { wordsForDecision } from "../../../../server/src/core/fib/decisionWords.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";
import { packetKinds } from "../../../generate/packetKinds.js";
import { readWorld } from "../../../generate/readWorld.js";
import { dumpOf, type SmallWorld, smallWorlds } from "../../../generate/smallWorld.js";
import { showFlow } from "../../../generate/walkEvery.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 60);
const names = ["before", "after", "beside"] as const;

/** A world in three states: some lines are in some of them only. */
const threefold: fc.Arbitrary<readonly SmallWorld[]> = fc
  .tuple(smallWorlds, fc.array(fc.tuple(fc.nat(30), fc.constantFrom(...names)), { minLength: 1, maxLength: 6 }))
  .map(([world, gone]) =>
    names.map((name): SmallWorld => {
      const isKept = (_: string, at: number) => !gone.some(([place, where]) => where === name && place === at);
      const routes = world.routes.filter((line, at) => isKept(line, at + world.rules.length));
      return { ...world, rules: world.rules.filter(isKept), routes };
    }),
  );

function statesOf(worlds: readonly SmallWorld[]): [NodeState, NodeState, NodeState] {
  const [before, after, beside] = worlds.map((world) => readWorld(world).state);
  if (!before || !after || !beside) throw new Error("three states");
  return [before, after, beside];
}

function wayOf({ before, after, beside }: ChangedRegion): string {
  return [before, after, ...beside].map(wordsForDecision).join(" > ");
}

describe("Changed regions beside a third state, in small worlds", function () {
  this.timeout(600_000);

  it("go one way each in the third state, too, and are the same in a space that is shared", () => {
    let told = 0;
    fc.assert(
      fc.property(threefold, (worlds) => {
        const [before, after, beside] = statesOf(worlds);
        const family = worlds[0]?.family ?? 4;
        const dumps = worlds.map(dumpOf).join("\n# then\n");
        const fibs = [before, after, beside].map((state) => fibOf(state, family));
        const { regions, untold } = changedRegions(before, after, family, { beside: [beside], space: flowSpace(fibs) });
        assert.equal(untold, 0);
        told += regions.length;
        for (const flow of packetKinds([before, after, beside], family)) {
          const [was, is, besides] = [before, after, beside].map((state) => decide(fibOf(state, family), flow));
          if (!was || !is || !besides) continue;
          const [region, ...others] = regions.filter((each) => regionHolds(each, flow));
          assert.equal(others.length, 0, dumps);
          assert.equal(region !== undefined, !sameOutcome(was, is), `${showFlow(flow)}\n${dumps}`);
          const answer = region?.beside[0];
          assert.ok(
            !answer || sameOutcome(answer, besides),
            `${showFlow(flow)}: ${wordsForDecision(besides)}\n${dumps}`,
          );
        }
      }),
      { numRuns: runs },
    );
    assert.ok(told > runs / 4, `${told} regions`);
  });

  it("are told so many of each sort, and the others counted", () => {
    let counted = 0;
    fc.assert(
      fc.property(threefold, (worlds) => {
        const [before, after, beside] = statesOf(worlds);
        const family = worlds[0]?.family ?? 4;
        const all = changedRegions(before, after, family, { beside: [beside] });
        const some = changedRegions(before, after, family, { beside: [beside], alike: 1 });
        const ways = new Set(all.regions.map(wayOf));
        assert.ok(some.regions.every((region) => ways.has(wayOf(region))));
        assert.equal(some.regions.length === 0, all.regions.length === 0);
        // A region of which no packet fits has no example, and cannot be told.
        assert.ok(some.regions.length + some.untold >= all.regions.length);
        counted += some.untold;
      }),
      { numRuns: runs },
    );
    assert.ok(counted > 0);
  });
});

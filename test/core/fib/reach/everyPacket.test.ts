import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assertNone } from "../../../generate/difference.js";
import { readWorld } from "../../../generate/readWorld.js";
import { smallWorlds } from "../../../generate/smallWorld.js";
import { compareReaches } from "./reachOracle.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 100);

describe("The reach of rules, in small worlds", function () {
  this.timeout(600_000);

  it("is what becomes of every kind of packet, and names the fewest rules", () => {
    const counts = { reached: 0, unreachable: 0, unmatchable: 0, unknown: 0 };
    let notFewest = 0;
    fc.assert(
      fc.property(smallWorlds, (world) => {
        const { differences, counts: each } = compareReaches(readWorld(world).state, world.family);
        assertNone(differences, world);
        notFewest += differences.length;
        for (const type of Object.keys(counts) as (keyof typeof counts)[]) counts[type] += each[type];
      }),
      { numRuns: runs },
    );
    // Each answer comes often enough to mean something.
    assert.ok(counts.unreachable > runs / 3 && counts.reached > runs && counts.unmatchable > 0, JSON.stringify(counts));
    assert.ok(notFewest < counts.unreachable / 20, `${notFewest} of ${counts.unreachable} covers are not the smallest`);
    assert.ok(counts.unknown < (counts.reached + counts.unreachable) / 25, JSON.stringify(counts));
  });
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assertNone } from "../../../generate/difference.js";
import { readWorld } from "../../../generate/readWorld.js";
import { smallWorlds } from "../../../generate/smallWorld.js";
import { compareShadows } from "./shadowOracle.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 100);

describe("The routes that rules take packets away from, in small worlds", function () {
  this.timeout(600_000);

  it("are those that some kind of packet shows", () => {
    let victims = 0;
    let missed = 0;
    fc.assert(
      fc.property(smallWorlds, (world) => {
        const { differences, counts } = compareShadows(readWorld(world), world.family);
        assertNone(differences, world);
        victims += counts.victims;
        missed += differences.length;
      }),
      { numRuns: runs },
    );
    assert.ok(victims > runs / 16, `${victims} routes were taken from`);
    assert.ok(missed <= victims / 8, `${missed} of ${victims} are missed`);
  });
});

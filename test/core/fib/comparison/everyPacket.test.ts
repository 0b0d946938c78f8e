import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readWorld } from "../../../generate/readWorld.js";
import { dumpOf, type SmallWorld, smallWorlds } from "../../../generate/smallWorld.js";
import { compareRegions } from "./regionOracle.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 60);

/** Two lists as one: which of the lines are left out of either state. */
interface Edited {
  readonly before: SmallWorld;
  readonly after: SmallWorld;
}

/** A world in two states: some lines are in one of them only. */
const edited: fc.Arbitrary<Edited> = fc
  .tuple(
    smallWorlds,
    fc.array(fc.tuple(fc.nat(30), fc.constantFrom("before", "after")), { minLength: 1, maxLength: 4 }),
  )
  .map(([world, gone]) => {
    const state = (name: string): SmallWorld => {
      const isKept = (_: string, at: number) => !gone.some(([place, where]) => where === name && place === at);
      const routes = world.routes.filter((line, at) => isKept(line, at + world.rules.length));
      return { ...world, rules: world.rules.filter(isKept), routes };
    };
    return { before: state("before"), after: state("after") };
  });

describe("Changed regions, in small worlds", function () {
  this.timeout(600_000);

  it("hold every kind of packet whose answer changed, and no other", () => {
    fc.assert(
      fc.property(edited, ({ before, after }) => {
        const differences = compareRegions(readWorld(before).state, readWorld(after).state, before.family);
        const dumps = `${dumpOf(before)}\n# afterwards\n${dumpOf(after)}`;
        assert.ok(differences.length === 0, `${differences.slice(0, 4).join("\n")}\n${dumps}`);
      }),
      { numRuns: runs },
    );
  });
});

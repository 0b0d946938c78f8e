import assert from "node:assert/strict";
import * as fc from "fast-check";
import { assertNone } from "../../../generate/difference.js";
import { readWorld } from "../../../generate/readWorld.js";
import { smallWorlds } from "../../../generate/smallWorld.js";
import { compareRuleFindings } from "./ruleOracle.js";

const runs = Number(process.env.PACKETWALK_RUNS ?? 80);

describe("Findings about rules without effect, in small worlds", function () {
  this.timeout(600_000);

  it("are made where no kind of packet needs the rule, and nowhere else", () => {
    const counts: Record<string, number> = {};
    let known = 0;
    fc.assert(
      fc.property(smallWorlds, (world) => {
        const { differences, counts: each } = compareRuleFindings(readWorld(world), world.family);
        assertNone(differences, world);
        known += differences.length;
        for (const [code, count] of Object.entries(each)) counts[code] = (counts[code] ?? 0) + count;
      }),
      { numRuns: runs },
    );
    for (const code of ["unreachable-rule", "contradicting-rules", "duplicate-rule", "redundant-rule"]) {
      assert.ok((counts[code] ?? 0) > runs / 100, `${code}: ${JSON.stringify(counts)}`);
    }
    // What today's search may miss is the exception.
    assert.ok(known < (counts["unreachable-rule"] ?? 0) / 2, `${known} known differences: ${JSON.stringify(counts)}`);
  });
});

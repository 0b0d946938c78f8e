import assert from "node:assert/strict";
import { evaluateSet, type SampleSet, sampleSets, type Totals, totalsOf } from "./evaluate.js";
import { evaluationTable } from "./evaluationTable.js";

/** What was reached. It may grow, and must not fall. */
const reached: Readonly<Record<SampleSet, Pick<Totals, "named" | "conditional" | "falseAlarms">>> = {
  incidents: { named: 4, conditional: 2, falseAlarms: 0 },
  iproute2: { named: 1, conditional: 1, falseAlarms: 0 },
  cilium: { named: 8, conditional: 0, falseAlarms: 0 },
};

describe("evaluation", () => {
  for (const set of sampleSets) {
    it(`${set}: as many causes are named as before, and no alarm is false`, function () {
      const verdicts = evaluateSet(set);
      if (!verdicts) {
        console.log(`      There are no samples at ../shared/samples/${set}: skipped.`);
        this.skip();
      }
      const totals = totalsOf(verdicts);
      const { named, conditional, falseAlarms } = reached[set];
      const table = evaluationTable(set, verdicts).join("\n");
      assert.ok(totals.named >= named, table);
      assert.ok(totals.conditional >= conditional, table);
      assert.ok(totals.falseAlarms <= falseAlarms, table);
      assert.equal(totals.silent, totals.quiet, table);
    });
  }
});

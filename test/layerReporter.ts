import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** What scripts/test.mjs adds up. */
export interface LayerResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Mocha's `spec` or `dot` reporter (option `style`), which besides writes the counts as JSON into the file named by the option `output`.
 * The file appears only when the run came to its end, so a run that broke off cannot pass for a good one.
 */
export default class LayerReporter {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    const { style, output } = options.reporterOptions as { style?: "spec" | "dot"; output?: string };
    new Mocha.reporters[style ?? "spec"](runner, options);
    runner.once("end", () => {
      if (output === undefined || runner.stats === undefined) return;
      const { passes, failures, pending } = runner.stats;
      const results: LayerResults = { passed: passes, failed: failures, skipped: pending };
      writeFileSync(output, JSON.stringify(results));
    });
  }
}

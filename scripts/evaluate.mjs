/**
 * `npm run evaluate`: runs the analysis over the samples that lie beside the repository, and prints for each what is wanted
 * (test/fixtures/incidents), what was found, and in totals how many causes were named and how many alarms were false.
 * A machine without the samples is told so.
 */
import { prepareBuild } from "./steps/build.mjs";
import { giveUp, say } from "./steps/say.mjs";

async function evaluate() {
  await prepareBuild();
  const { evaluateSet, sampleSets } = await import("../out/test/core/incidents/evaluate.js");
  const { evaluationTable } = await import("../out/test/core/incidents/evaluationTable.js");
  for (const set of sampleSets) {
    const verdicts = evaluateSet(set);
    if (verdicts) console.log(`${evaluationTable(set, verdicts).join("\n")}\n`);
    else say(`There are no samples at ../shared/samples/${set}: nothing to evaluate.`);
  }
}

await evaluate().catch((error) => giveUp(error.message));

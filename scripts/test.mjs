/**
 * `npm test`: installs what is missing, then runs every check there is and adds the results up.
 *
 *   node scripts/test.mjs [LAYER...] [-g PATTERN]
 *
 * Without a layer all of them run, but for `desktop` (a downloaded VS Code), which must be asked for. `-g` runs only the tests whose
 * title matches. The last line counts all tests; lint, types and bundle count as one each. A layer that could not run, or in which no
 * test ran, counts as failed.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "./steps/command.mjs";
import { installDependencies } from "./steps/dependencies.mjs";
import { checkLayer, failed, hostLayer, mochaLayer } from "./steps/layers.mjs";
import { say } from "./steps/say.mjs";
import { needIproute2 } from "./steps/systemPrograms.mjs";

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: "string", short: "g" } },
});

/** Folders of test/ that are not plain mocha layers; generate/ only makes what the tests of other layers read. */
const special = new Set(["bench", "e2e", "fixtures", "generate"]);

/** Folders with tests that no list names, so that a new layer cannot be forgotten. */
const otherFolders = readdirSync(join(projectRoot, "test"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !special.has(entry.name))
  .map((entry) => entry.name)
  .filter((name) => !["core", "kernel", "protocol"].includes(name));

const always = [
  checkLayer("types", "Checking the types", "typecheck"),
  checkLayer("bundle", "Bundling what is shipped", "bundle"),
];
const layers = [
  checkLayer("lint", "Checking format and lint rules", "lint"),
  ...["core", ...otherFolders].map((name) => mochaLayer(name)),
  mochaLayer("protocol"),
  mochaLayer("kernel", { prepare: needIproute2 }),
  hostLayer("hosted"),
  hostLayer("workbench"),
];
const onDemand = [hostLayer("desktop")];

const known = [...layers, ...onDemand];
const unknown = asked.filter((name) => !known.some((layer) => layer.name === name));
if (unknown.length > 0) {
  console.error(`There is no layer ${unknown.join(", ")}. There are: ${known.map((layer) => layer.name).join(", ")}.`);
  process.exit(2);
}

const results = [];

async function runLayer({ name, what, run }) {
  say(`${what} ...`);
  const start = Date.now();
  let counts;
  try {
    counts = await run({ grep: values.grep });
  } catch (error) {
    console.error(`[packetwalk] ${name} could not run: ${error.message}`);
    counts = failed;
  }
  results.push({ name, ...counts, seconds: (Date.now() - start) / 1000 });
}

const install = {
  name: "install",
  what: "Looking for the dependencies",
  run: async () => {
    await installDependencies();
    return { passed: 0, failed: 0, skipped: 0 };
  },
};

await runLayer(install);
if (results.every((result) => result.failed === 0) && existsSync(join(projectRoot, "node_modules"))) {
  for (const layer of always) await runLayer(layer);
  for (const layer of asked.length === 0 ? layers : known.filter(({ name }) => asked.includes(name)))
    await runLayer(layer);
}

say("Results");
console.log(`${"".padEnd(12)} passed  failed  skipped  seconds`);
for (const { name, seconds, ...counts } of results) {
  const numbers = [counts.passed, counts.failed, counts.skipped].map((count, column) =>
    String(count).padStart([6, 8, 9][column]),
  );
  console.log(`${name.padEnd(12)} ${numbers.join("")}  ${seconds.toFixed(1).padStart(7)}`);
}
const total = (key) => results.reduce((sum, result) => sum + result[key], 0);
console.log(`\n${total("passed")} passed, ${total("failed")} failed, ${total("skipped")} skipped`);
process.exitCode = total("failed") === 0 ? 0 : 1;

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepareBrowserHost } from "./browserHost.mjs";
import { exitCodeOf, projectRoot } from "./command.mjs";

/** The counts of a layer that did not get as far as counting. */
export const failed = { passed: 0, failed: 1, skipped: 0 };

/** A layer that is one npm script, which passes or fails as a whole. */
export function checkLayer(name, what, script) {
  const run = async () =>
    (await exitCodeOf("npm", ["run", "--silent", script])) === 0 ? { passed: 1, failed: 0, skipped: 0 } : failed;
  return { name, what, run };
}

/** A layer that mocha runs in this Node: the compiled tests of test/NAME. */
export function mochaLayer(name, { prepare = async () => {}, timeout } = {}) {
  const run = async ({ grep }) => {
    await prepare();
    return runMocha(name, `test/${name}`, {
      grep,
      style: "dot",
      options: timeout === undefined ? [] : ["--timeout", String(timeout)],
    });
  };
  return { name, what: `Running the tests of test/${name}`, run };
}

const hostLayers = {
  hosted: {
    what: "Running the tests of test/e2e/suite inside the extension host of a browser-hosted VS Code",
    run: async (options) => runSuite("hosted", await prepareBrowserHost(), options),
  },
  workbench: {
    what: "Running the tests of test/e2e/workbench, which use VS Code as a person does",
    run: async ({ grep }) => {
      const env = await prepareBrowserHost();
      const options = ["--timeout", "120000", "--require", join(projectRoot, "out/test/e2e/harness/rootHooks.js")];
      return runMocha("workbench", "test/e2e/workbench", { grep, env, style: "spec", options });
    },
  },
  desktop: {
    what: "Running the tests of test/e2e/suite inside a desktop VS Code (downloaded by @vscode/test-electron)",
    run: (options) => runSuite("desktop", {}, options),
  },
};

/** A layer that needs a VS Code: `hosted`, `workbench` or `desktop`. */
export function hostLayer(name) {
  return { name, ...hostLayers[name] };
}

/** The compiled files of the tests that stand in a folder now; a file left over from a deleted test is not among them. */
function compiledTests(folder) {
  return readdirSync(join(projectRoot, folder), { recursive: true })
    .filter((file) => file.endsWith(".test.ts"))
    .sort()
    .map((file) => join("out", folder, file.replace(/ts$/, "js")));
}

async function runMocha(name, folder, { grep, env = {}, style, options }) {
  const files = compiledTests(folder);
  if (files.length === 0) throw new Error(`There is no test in ${folder}.`);
  const output = resultsFile(name);
  const reporter = [
    "--reporter",
    join(projectRoot, "out/test/layerReporter.js"),
    "--reporter-option",
    `style=${style},output=${output}`,
  ];
  const args = [
    "node_modules/mocha/bin/mocha.js",
    ...reporter,
    ...options,
    ...(grep === undefined ? [] : ["--grep", grep]),
    ...files,
  ];
  return readResults(output, await exitCodeOf(process.execPath, args, { env }), grep);
}

/** Runs a module of test/e2e that brings up a VS Code and runs the suite inside it. */
async function runSuite(name, env, { grep }) {
  const output = resultsFile(name);
  const code = await exitCodeOf(process.execPath, ["--enable-source-maps", `out/test/e2e/${name}.js`], {
    env: { ...env, PACKETWALK_RESULTS: output, ...(grep === undefined ? {} : { PACKETWALK_GREP: grep }) },
  });
  return readResults(output, code, grep);
}

function resultsFile(name) {
  const folder = join(projectRoot, ".artefacts");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `results-${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** Reads what test/layerReporter.ts wrote. A run that broke off, or failed otherwise than by a test, has a failure more. */
function readResults(file, exitCode, grep) {
  if (!existsSync(file)) throw new Error(`The tests broke off with exit code ${exitCode}.`);
  const counts = JSON.parse(readFileSync(file, "utf8"));
  if (counts.failed === 0 && exitCode !== 0) return { ...counts, failed: 1 };
  if (grep === undefined && counts.passed + counts.failed === 0) throw new Error("No test ran.");
  return counts;
}

import { run } from "./command.mjs";
import { installDependencies } from "./dependencies.mjs";
import { say } from "./say.mjs";

/** Installs what is missing and builds what has changed, up to a dist/ and an out/ that can be run. */
export async function prepareBuild() {
  await installDependencies();
  say("Building what has changed ...");
  await run("npm", ["run", "--silent", "build"]);
}

/** The compiled library that drives a browser-hosted VS Code; it is there after `prepareBuild`. */
export function loadHarness() {
  return import("../../out/test/e2e/harness/index.js");
}

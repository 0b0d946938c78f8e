/** `npm run watch`: rechecks the types and rebuilds the bundles at every change, until Ctrl-C. */
import { exitCodeOf } from "./steps/command.mjs";
import { installDependencies } from "./steps/dependencies.mjs";
import { giveUp } from "./steps/say.mjs";

await installDependencies().catch((error) => giveUp(error.message));
await exitCodeOf(process.execPath, ["scripts/buildValidators.mjs"]);
await exitCodeOf(process.execPath, ["scripts/buildScanner.mjs"]);
await Promise.all([
  exitCodeOf(process.execPath, ["node_modules/typescript/bin/tsc", "-b", "--watch", "--preserveWatchOutput"]),
  exitCodeOf(process.execPath, ["esbuild.mjs", "--watch"]),
]);

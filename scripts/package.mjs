/** `npm run package`: makes packetwalk.vsix, with minified bundles and nothing that .vscodeignore does not name. */
import { join } from "node:path";
import { prepareBuild } from "./steps/build.mjs";
import { installCachedPackage } from "./steps/cachedPackage.mjs";
import { projectRoot, run } from "./steps/command.mjs";
import { giveUp, say } from "./steps/say.mjs";

async function makePackage() {
  await prepareBuild();
  const tools = await installCachedPackage("scripts/packaging", "packaging");
  say("Bundling for release ...");
  await run(process.execPath, ["esbuild.mjs", "--production"]);
  say("Packing packetwalk.vsix ...");
  const vsce = join(tools, "node_modules", "@vscode", "vsce", "vsce");
  // All that runs is in the bundles, so no dependency is shipped beside them; pictures in README.md stay links into the repository.
  const options = ["--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links"];
  await run(process.execPath, [vsce, "package", "--out", join(projectRoot, "packetwalk.vsix"), ...options]);
}

await makePackage().catch((error) => giveUp(error.message));

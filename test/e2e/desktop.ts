/**
 * Runs the suite of suite/ inside a desktop VS Code, which @vscode/test-electron downloads, on a copy of samples/story.
 * scripts/test.mjs calls it; a VS Code that cannot be downloaded or started is a failure.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { cacheFolder, projectRoot } from "./harness/project.js";
import { copyWorkspace, removeWorkspace } from "./harness/workspaceCopy.js";

if (process.platform === "linux" && process.env.DISPLAY === undefined && process.env.WAYLAND_DISPLAY === undefined) {
  console.error("A desktop VS Code needs a screen, and there is none here; try: xvfb-run -a npm run test:desktop");
  process.exit(1);
}

const folder = await copyWorkspace("samples/story");
try {
  process.exitCode = await runTests({
    cachePath: join(cacheFolder, "desktop"),
    extensionDevelopmentPath: projectRoot,
    extensionTestsPath: fileURLToPath(new URL("suite/index.js", import.meta.url)),
    launchArgs: [
      folder,
      "--disable-extensions",
      "--disable-workspace-trust",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
  });
} catch (error) {
  console.error(
    `The desktop VS Code could not be had or did not pass: ${error instanceof Error ? error.message : error}`,
  );
  process.exitCode = 1;
} finally {
  await removeWorkspace(folder);
}

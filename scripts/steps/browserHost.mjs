import { installCachedPackage } from "./cachedPackage.mjs";
import { needChromium } from "./systemPrograms.mjs";

/** Installs the VS Code server that the browser-hosted editor and the end-to-end tests run (about 1 GB on disk, once). */
export function installEditorHost() {
  return installCachedPackage("test/e2e/host", "e2e-host", ["node_modules/code-server/lib/vscode"]);
}

/** Makes sure of that server and of a Chromium to look at it. Returns the environment by which test/e2e/harness finds Chromium. */
export async function prepareBrowserHost() {
  const chromium = await needChromium();
  await installEditorHost();
  return { PACKETWALK_CHROMIUM: chromium };
}

/**
 * Drives a real VS Code by a small script, for pictures:
 *
 *   node scripts/screenshot.mjs SCRIPT.mjs [--theme light|dark] [--folder samples/story] [--size 1440x900] [--scale 2]
 *
 * The script's default export is called with the harness (all that test/e2e/harness/index.ts exports) and the open window:
 *
 *   export default async ({ findPlace, hoverAt, screenshot }, workbench) => {
 *     await hoverAt(workbench, await findPlace(workbench, "node.txt", "lookup 100"));
 *     console.log(await screenshot(workbench, "hover"));
 *   };
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { prepareBrowserHost } from "./steps/browserHost.mjs";
import { loadHarness, prepareBuild } from "./steps/build.mjs";
import { giveUp } from "./steps/say.mjs";

async function takeScreenshots() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      theme: { type: "string", default: "dark" },
      folder: { type: "string", default: "samples/story" },
      size: { type: "string", default: "1440x900" },
      scale: { type: "string", default: "1" },
    },
  });
  const [script] = positionals;
  if (script === undefined) throw new Error("Name a script; see the head of scripts/screenshot.mjs.");
  const { default: drive } = await import(pathToFileURL(resolve(script)).href);
  await prepareBuild();
  Object.assign(process.env, await prepareBrowserHost());
  const harness = await loadHarness();
  const [width, height] = values.size.split("x").map(Number);
  try {
    const { theme, folder, scale } = values;
    const workbench = await harness.openWorkbench({ theme, folder, size: { width, height }, scale: Number(scale) });
    await drive(harness, workbench);
    await harness.closeWorkbench(workbench);
  } finally {
    await harness.stopSharedHosts();
  }
}

await takeScreenshots().catch((error) => giveUp(error.stack));

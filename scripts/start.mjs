/**
 * `npm start`: installs and builds what is missing, then opens VS Code with the extension on samples/story. It takes the desktop's `code`
 * where there is one, and otherwise serves a VS Code to the browser. `npm start -- --help` tells the options.
 */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { installEditorHost, prepareBrowserHost } from "./steps/browserHost.mjs";
import { loadHarness, prepareBuild } from "./steps/build.mjs";
import { cacheFolder } from "./steps/cachedPackage.mjs";
import { exitCodeOf, projectRoot } from "./steps/command.mjs";
import { giveUp, say } from "./steps/say.mjs";
import { findProgram } from "./steps/systemPrograms.mjs";

const help = `npm start [-- OPTIONS]
  --browser            serve VS Code to a browser even where a desktop VS Code is installed
  --port N             the port for that, on 127.0.0.1 (a free one unless told)
  --headless           show nothing: open VS Code in a Chromium without a screen, wait for Packetwalk's findings, and end
  --screenshot FILE    with --headless: write a PNG of what is then seen
  --theme light|dark   with --headless: the colours (dark unless told)`;

const story = join(projectRoot, "samples", "story");
const files = ["broken.log", "node.txt"];

async function openDesktop(code) {
  say(`Opening ${story} in the VS Code of ${code} ...`);
  const paths = [story, ...files.map((file) => join(story, file))];
  return exitCodeOf(code, [`--extensionDevelopmentPath=${projectRoot}`, "--new-window", ...paths]);
}

async function serveBrowser(port) {
  await installEditorHost();
  const { startCodeServer } = await loadHarness();
  say("Starting a VS Code server ...");
  const profile = join(cacheFolder, "start-profile");
  const isNew = !existsSync(profile);
  // The server can start programs, so other users and web pages of this machine must not get in: the address carries a secret.
  const server = await startCodeServer({
    profile,
    token: randomBytes(16).toString("hex"),
    ...(port === undefined ? {} : { port }),
  });
  if (isNew) await server.writeSettings({});
  say(
    `VS Code with Packetwalk is at\n\n    ${server.windowUrl({ folder: story, file: join(story, "node.txt") })}\n\nOpen it in a browser; Ctrl-C ends it.`,
  );
  await new Promise((ended) => {
    process.once("SIGINT", ended);
    process.once("SIGTERM", ended);
  });
  await server.stop();
}

async function proveHeadless(theme, screenshot) {
  Object.assign(process.env, await prepareBrowserHost());
  const { openWorkbench, openFile, waitForProblem, closeWorkbench, stopSharedHosts } = await loadHarness();
  try {
    say("Opening VS Code on samples/story in Chromium ...");
    const workbench = await openWorkbench({ theme });
    for (const file of files) await openFile(workbench, file);
    const { severity, message, file, line } = await waitForProblem(workbench, (problem) =>
      files.includes(problem.file),
    );
    say(`Packetwalk's first finding: ${file}:${line}: ${severity}: ${message}`);
    if (screenshot !== undefined) {
      await workbench.page.screenshot({ path: resolve(screenshot) });
      say(`Wrote ${resolve(screenshot)}`);
    }
    await closeWorkbench(workbench);
  } finally {
    await stopSharedHosts();
  }
}

async function start() {
  const { values } = parseArgs({
    options: {
      browser: { type: "boolean" },
      port: { type: "string" },
      headless: { type: "boolean" },
      screenshot: { type: "string" },
      theme: { type: "string", default: "dark" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (!["light", "dark"].includes(values.theme)) throw new Error("--theme is either light or dark.");
  await prepareBuild();
  if (values.headless) {
    await proveHeadless(values.theme, values.screenshot);
    return;
  }
  const code = values.browser ? undefined : findProgram("code");
  if (code !== undefined && (await openDesktop(code)) === 0) return;
  if (code !== undefined) say("That VS Code could not be started; serving one to the browser instead.");
  await serveBrowser(values.port === undefined ? undefined : Number(values.port));
}

await start().catch((error) => giveUp(error.message));

/**
 * Runs the suite of suite/ inside the extension host of a browser-hosted VS Code, on a copy of samples/story, and exits with its result.
 * scripts/test.mjs calls it; PACKETWALK_RESULTS and PACKETWALK_GREP go on to the suite, whose process inherits them.
 */
import { fileURLToPath } from "node:url";
import { startCodeServer } from "./harness/codeServer.js";
import { isExtensionError } from "./harness/extensionErrors.js";
import { launchChromium, stopSharedHosts } from "./harness/sharedHosts.js";
import { copyWorkspace, removeWorkspace } from "./harness/workspaceCopy.js";

/** Longer than any suite may take; what hangs must not hang for ever. */
const timeLimit = 10 * 60_000;

const testsModule = fileURLToPath(new URL("suite/index.js", import.meta.url));
const folder = await copyWorkspace("samples/story");
const server = await startCodeServer();
await server.writeSettings({});
const page = await (await launchChromium()).newPage();

const errors: string[] = [];

/** The workbench hands on what the extension host prints: the test report, and VS Code's own messages, which are left out. */
function hear(type: string, values: readonly unknown[]): void {
  const text = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))).join(" ");
  if (text.startsWith("[mocha]")) console.log(text.slice("[mocha] ".length));
  else if (type === "error" && isExtensionError(text)) errors.push(text);
}

const exitCode = new Promise<number>((resolve, reject) => {
  setTimeout(() => reject(new Error(`The suite did not end within ${timeLimit / 60_000} minutes.`)), timeLimit).unref();
  page.on("crash", () => reject(new Error("The window crashed.")));
  page.exposeFunction("codeAutomationExit", resolve).catch(reject);
});
await page.exposeFunction("codeAutomationLog", hear);

try {
  await page.goto(server.windowUrl({ folder, testsModule }));
  process.exitCode = await exitCode;
  if (errors.length > 0) {
    console.error(`The extension logged errors:\n${errors.join("\n")}`);
    process.exitCode = 1;
  }
} finally {
  await stopSharedHosts();
  await server.stop();
  await removeWorkspace(folder);
}

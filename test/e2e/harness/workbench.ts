import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { loadExtensionIntoBrowser } from "./browserExtension.js";
import { isExtensionError } from "./extensionErrors.js";
import { artefactsFolder } from "./project.js";
import { launchChromium, sharedServer } from "./sharedHosts.js";
import { copyWorkspace, removeWorkspace } from "./workspaceCopy.js";

/** A VS Code window in Chromium, with the extension of this checkout loaded, on a copy of a folder of the project. */
export interface Workbench {
  /** Playwright's page, for whatever the functions of this folder do not do. */
  readonly page: Page;
  /** The copy that the window has open, an absolute path; tests may change and inspect it. */
  readonly folder: string;
  /** Errors of the extension seen so far in the window and the extension host; `closeWorkbench` throws where there are any. */
  readonly extensionErrors: readonly string[];
}

export interface WorkbenchRequest {
  /** The folder to copy and open, relative to the project; samples/story unless told. */
  readonly folder?: string;
  readonly theme?: "light" | "dark";
  /** Where the extension runs: beside the files, as on a desktop, unless told; or in the browser, without Node. */
  readonly extensionHost?: "remote" | "browser";
  /** User settings for this window. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Width and height in pixels; 1440 by 900 unless told. */
  readonly size?: { readonly width: number; readonly height: number };
  /** How many device pixels make one pixel, for sharper screenshots; 1 unless told. */
  readonly scale?: number;
}

/** The windows now open, for pictures of what went wrong. */
export const openWorkbenches = new Set<Workbench>();

const themes = { light: "Default Light Modern", dark: "Default Dark Modern" };

/** Opens a window and waits until VS Code can be used. */
export async function openWorkbench(request: WorkbenchRequest = {}, server = sharedServer()): Promise<Workbench> {
  const folder = await copyWorkspace(request.folder ?? "samples/story");
  const theme = themes[request.theme ?? "dark"];
  const running = await server;
  await running.writeSettings({ "workbench.colorTheme": theme, ...request.settings });

  const context = await (await launchChromium()).newContext({
    viewport: request.size ?? { width: 1440, height: 900 },
    deviceScaleFactor: request.scale ?? 1,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const extensionErrors: string[] = [];
  const note = (text: string) => {
    if (isExtensionError(text)) extensionErrors.push(text);
  };
  page.on("console", (message) => {
    if (message.type() === "error") note(`${message.text()}\n    at ${message.location().url}`);
  });
  page.on("pageerror", (error) => note(error.stack ?? error.message));
  const inBrowser = request.extensionHost === "browser";
  if (inBrowser) await loadExtensionIntoBrowser(context);
  await page.goto(running.windowUrl({ folder, withExtension: !inBrowser }));
  await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
  await page.evaluate("window.driver.whenWorkbenchRestored()");
  const workbench = { page, folder, extensionErrors };
  openWorkbenches.add(workbench);
  return workbench;
}

/** Closes a window and removes its copy of the folder. Throws the errors that the extension has logged meanwhile. */
export async function closeWorkbench(workbench: Workbench): Promise<void> {
  openWorkbenches.delete(workbench);
  // What VS Code breaks off when the window goes is no error.
  const errors = [...workbench.extensionErrors];
  await workbench.page.context().close();
  await removeWorkspace(workbench.folder);
  if (errors.length > 0) throw new Error(`The extension logged errors:\n${errors.join("\n")}`);
}

/** Takes a picture of the window into .artefacts/NAME.png and answers with its path. */
export async function screenshot({ page }: Workbench, name: string): Promise<string> {
  await mkdir(artefactsFolder, { recursive: true });
  const path = join(artefactsFolder, `${name}.png`);
  await page.screenshot({ path });
  return path;
}

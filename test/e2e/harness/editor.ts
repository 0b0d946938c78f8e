import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { poll } from "./poll.js";
import { typeIntoQuickInput } from "./quickInput.js";
import type { Workbench } from "./workbench.js";

/** A place in a file of the window's folder; line and column start at 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * The place where `text` begins, read from the file on disk.
 * @param after begins the search behind this text, where the first occurrence is not the one meant
 */
export async function findPlace({ folder }: Workbench, file: string, text: string, after?: string): Promise<Place> {
  const content = await readFile(join(folder, file), "utf8");
  const start = after === undefined ? 0 : content.indexOf(after);
  const offset = start === -1 ? -1 : content.indexOf(text, start + (after?.length ?? 0));
  if (offset === -1)
    throw new Error(
      `${file} does not contain ${JSON.stringify(text)}${after === undefined ? "" : ` after ${JSON.stringify(after)}`}.`,
    );
  const before = content.slice(0, offset).split(/\r\n|\r|\n/);
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

const activeTab = ".part.editor .editor-group-container.active .tab.active";

/** The name of the file in the active editor, or undefined where there is none. */
export async function activeFile({ page }: Workbench): Promise<string | undefined> {
  const tab = page.locator(activeTab);
  if ((await tab.count()) === 0) return undefined;
  return (await tab.first().getAttribute("data-resource-name")) ?? undefined;
}

/** Opens a file of the folder by its path there, as a user does with Ctrl+P, and waits for its text. */
export async function openFile(workbench: Workbench, file: string): Promise<void> {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const { page } = workbench;
  if ((await activeFile(workbench)) !== name) {
    await typeIntoQuickInput(workbench, "Control+P", file, (label) => label.startsWith(`${name},`));
    await poll(`${name} to open`, async () => ((await activeFile(workbench)) === name ? true : undefined));
  }
  await page.locator(`${editor} .view-line`).first().waitFor();
}

const editor = ".part.editor .editor-group-container.active .editor-instance .monaco-editor";

/** Puts the cursor at a place, opening its file first, and answers with the cursor's mark on the screen. */
export async function goTo(workbench: Workbench, { file, line, column }: Place): Promise<Locator> {
  const { page } = workbench;
  await openFile(workbench, file);
  const input = page.locator(".quick-input-widget input.input");
  const position = page.locator(".statusbar-item", { hasText: new RegExp(`^\\s*Ln ${line}, Col \\d+`) });
  await poll(`the cursor to be at ${file}:${line}:${column}`, async () => {
    await page.keyboard.press("Control+G");
    await input.waitFor({ timeout: 5_000 });
    await input.fill(`:${line}:${column}`);
    await input.press("Enter");
    await input.waitFor({ state: "hidden", timeout: 5_000 });
    await position.waitFor({ timeout: 5_000 });
    return true;
  });
  const cursor = page.locator(`${editor} .cursors-layer .cursor`).first();
  await cursor.waitFor();
  return cursor;
}

/**
 * Rests the mouse on the character at a place and answers with the text of the hover that VS Code then shows. Its parts come one after
 * the other; `expected` is what to wait for, where any content will not do.
 */
export async function hoverAt(workbench: Workbench, place: Place, expected = /\S/): Promise<string> {
  const { page } = workbench;
  const cursor = await goTo(workbench, place);
  const hover = page.locator(".monaco-resizable-hover .monaco-hover:not(.hidden)");
  return poll(`a hover with ${expected} at ${place.file}:${place.line}:${place.column}`, async () => {
    await page.mouse.move(0, 0);
    await hover.waitFor({ state: "hidden" });
    const box = await cursor.boundingBox();
    if (box === null) return undefined;
    await page.mouse.move(box.x + 2, box.y + box.height / 2);
    await page.mouse.move(box.x + 4, box.y + box.height / 2);
    await hover.waitFor({ timeout: 5_000 });
    const isWhole = (text: string) => expected.test(text) && !/^Loading\.\.\.$/m.test(text);
    return poll("its content", async () => (await hover.allInnerTexts()).find(isWhole), { timeout: 5_000 });
  });
}

const quickFixes = ".action-widget .monaco-list-row.action";

/** Opens the quick fix menu at a place, by Ctrl+. or by a click on the light bulb, and answers with the titles in it. */
export async function openQuickFixes(
  workbench: Workbench,
  place: Place,
  by: "keyboard" | "lightBulb" = "keyboard",
): Promise<string[]> {
  const { page } = workbench;
  const titles = page.locator(quickFixes);
  return poll(`quick fixes at ${place.file}:${place.line}:${place.column}`, async () => {
    await goTo(workbench, place);
    if (by === "keyboard") await page.keyboard.press("Control+.");
    else await clickLightBulb(workbench, place);
    await titles.first().waitFor({ timeout: 5_000 });
    return titles.allInnerTexts();
  });
}

async function clickLightBulb(workbench: Workbench, place: Place): Promise<void> {
  const { page } = workbench;
  const bulb = page
    .locator(`${editor} [class*="codicon-gutter-lightbulb"], ${editor} .lightBulbWidget`)
    .filter({ visible: true });
  // The bulb appears when the cursor comes to the line, so it has to come from elsewhere; and the mouse must not cover it by a hover.
  await page.mouse.move(0, 0);
  await page.keyboard.press(place.line === 1 ? "Control+End" : "Control+Home");
  await bulb.first().waitFor({ state: "detached", timeout: 5_000 });
  await goTo(workbench, place);
  await bulb.first().click({ timeout: 10_000 });
}

/** Chooses an action in the quick fix menu at a place. The title may be given in part. */
export async function applyQuickFix(workbench: Workbench, place: Place, title: string | RegExp): Promise<void> {
  await openQuickFixes(workbench, place);
  await workbench.page.locator(quickFixes, { hasText: title }).first().click();
  await workbench.page.locator(quickFixes).first().waitFor({ state: "detached" });
}

/** The whole text of the active editor, unsaved changes included; it goes by way of the clipboard. */
export async function editorText(workbench: Workbench): Promise<string> {
  const { page } = workbench;
  await page.locator(`${editor} .view-lines`).first().click();
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+C");
  return readClipboard(workbench);
}

/** The text on the clipboard. */
export async function readClipboard({ page }: Workbench): Promise<string> {
  return page.evaluate("navigator.clipboard.readText()");
}

import { poll } from "./poll.js";
import type { Workbench } from "./workbench.js";

/**
 * Opens VS Code's quick input by a key, types, and accepts the first entry whose accessible label fits.
 * The list fills slowly after a start, so it is asked again until the entry is there.
 */
export async function typeIntoQuickInput(
  { page }: Workbench,
  key: string,
  text: string,
  isWanted: (label: string) => boolean,
): Promise<void> {
  const input = page.locator(".quick-input-widget input.input");
  const rows = page.locator(".quick-input-list .monaco-list-row");
  await poll(
    `${JSON.stringify(text)} in the list of ${key}`,
    async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press(key);
      await input.waitFor({ timeout: 5_000 });
      await input.fill(key === "F1" ? `>${text}` : text);
      const wanted = await poll(
        "the entry",
        async () => {
          for (const row of await rows.all()) {
            if (isWanted((await row.getAttribute("aria-label")) ?? "")) return row;
          }
          return undefined;
        },
        { timeout: 5_000 },
      );
      await wanted.click();
      return true;
    },
    { timeout: 60_000 },
  );
}

/** Runs a command by its title in the command palette, for example "Packetwalk: Show the packet path". */
export async function runCommand(workbench: Workbench, title: string): Promise<void> {
  await typeIntoQuickInput(workbench, "F1", title, (label) => label.startsWith(title));
}

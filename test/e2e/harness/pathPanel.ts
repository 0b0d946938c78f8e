import type { FrameLocator } from "playwright-core";
import type { Workbench } from "./workbench.js";

const webview = 'iframe.webview.ready[src*="extensionId=packetwalk.packetwalk"]';

/** The document inside the Packet path panel, for locators; VS Code nests it in two frames. */
export function pathPanel({ page }: Workbench): FrameLocator {
  return page.frameLocator(webview).frameLocator("#active-frame");
}

/** Opens the Packet path panel by its icon, if it is not open, and answers with the document inside once that is there. */
export async function openPathPanel(workbench: Workbench): Promise<FrameLocator> {
  const { page } = workbench;
  if (!(await page.locator(webview).isVisible()))
    await page.locator('.composite-bar .action-label[aria-label^="Packetwalk"]').click();
  const panel = pathPanel(workbench);
  await panel.locator("body > *").first().waitFor({ timeout: 60_000 });
  return panel;
}

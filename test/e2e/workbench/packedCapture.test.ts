import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { madeText } from "../../bench/capture/writeCapture.js";
import { closeWorkbench, openWorkbench, pathPanel, poll, type Workbench } from "../harness/index.js";

describe("a packed capture", function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench();
    writeFileSync(join(workbench.folder, "packed.log.gz"), gzipSync(Buffer.concat([...madeText(2_000_000)])));
  });
  after(() => closeWorkbench(workbench));

  it("is noticed by its tab, which shows no text, and offered to be read", async () => {
    const { page } = workbench;
    await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "packed.log.gz" }).dblclick();
    const offer = page.locator(".statusbar-item", { hasText: "Packed capture" });
    await offer.waitFor({ timeout: 60_000 });
    await offer.click();
    await poll("its packets", async () => {
      const texts = await pathPanel(workbench).locator('[role="option"]').allInnerTexts();
      return texts.some((text) => /198\.51\.100\./.test(text)) ? true : undefined;
    });
  });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { writeCapture } from "../../bench/capture/writeCapture.js";
import {
  closeWorkbench,
  openFile,
  openWorkbench,
  pathPanel,
  poll,
  screenshot,
  type Workbench,
} from "../harness/index.js";

/** VS Code hides files from extensions from 50 MB on. */
const bytes = 54_000_000;

describe("a capture that VS Code hides from extensions", function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ settings: { "workbench.editorLargeFileConfirmation": 1024 } });
    writeCapture(join(workbench.folder, "large.log"), bytes);
  });
  after(() => closeWorkbench(workbench));

  it("is noticed by its tab and offered to be read", async () => {
    await openFile(workbench, "large.log");
    const offer = workbench.page.locator(".statusbar-item", { hasText: "Too large for extensions" });
    await offer.waitFor({ timeout: 60_000 });
    await offer.click();
    const packets = pathPanel(workbench).locator('[role="option"]');
    await packets.first().waitFor({ timeout: 60_000 });
    await poll("the whole capture to be read", async () => {
      const texts = await pathPanel(workbench).locator(".case-header").allInnerTexts();
      return texts.some((text) =>
        /\d{5,} packets/.test(text.replaceAll(/[\s,.]/g, (each) => (each === " " ? " " : ""))),
      )
        ? true
        : undefined;
    });
    assert.equal(await packets.count(), 200);
    await pathPanel(workbench).locator(".walk-head h2").waitFor();
    await pathPanel(workbench).locator('[role="option"][aria-selected="true"]').waitFor();
    await screenshot(workbench, "large-capture");
  });
});

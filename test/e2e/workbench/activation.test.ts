import assert from "node:assert/strict";
import {
  closeWorkbench,
  openFile,
  openPathPanel,
  openWorkbench,
  readStatusBar,
  screenshot,
  sharedServer,
  type Workbench,
  waitForProblem,
} from "../harness/index.js";

const windows = [
  { mode: "a trusted folder", workspaceTrust: false, theme: "dark", extensionHost: "remote" },
  { mode: "Restricted Mode", workspaceTrust: true, theme: "light", extensionHost: "remote" },
  { mode: "the web extension host", workspaceTrust: false, theme: "dark", extensionHost: "browser" },
] as const;

for (const { mode, workspaceTrust, theme, extensionHost } of windows) {
  describe(`a window on samples/story in ${mode}`, () => {
    let workbench: Workbench;

    before(async () => {
      workbench = await openWorkbench({ theme, extensionHost }, sharedServer({ workspaceTrust }));
    });

    after(() => closeWorkbench(workbench));

    it("is in that mode", async () => {
      const isRestricted = (await readStatusBar(workbench)).some((text) => text.includes("Restricted Mode"));
      assert.equal(isRestricted, workspaceTrust);
    });

    it("lists a finding once the dump is open", async () => {
      await openFile(workbench, "node.txt");
      const { code, line } = await waitForProblem(workbench, (problem) => problem.file === "node.txt");
      assert.deepEqual({ code, line }, { code: "shadowing-rule", line: 14 });
    });

    it("shows the panel", async () => {
      const panel = await openPathPanel(workbench);
      assert.notEqual((await panel.locator("body").allInnerTexts()).join("").trim(), "");
      await screenshot(workbench, `panel-in-${mode.replaceAll(" ", "-").toLowerCase()}`);
    });
  });
}

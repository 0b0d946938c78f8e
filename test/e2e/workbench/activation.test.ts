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

for (const workspaceTrust of [false, true]) {
  const mode = workspaceTrust ? "Restricted Mode" : "a trusted folder";

  describe(`a window on samples/story in ${mode}`, () => {
    let workbench: Workbench;

    before(async () => {
      workbench = await openWorkbench({ theme: workspaceTrust ? "light" : "dark" }, sharedServer({ workspaceTrust }));
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
      await screenshot(workbench, `panel-${workspaceTrust ? "restricted" : "trusted"}`);
    });
  });
}

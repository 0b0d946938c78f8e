import assert from "node:assert/strict";
import {
  closeWorkbench,
  openPathPanel,
  openWorkbench,
  screenshot,
  type Workbench,
  waitForProblem,
} from "../harness/index.js";

describe("a window on samples/story", () => {
  let workbench: Workbench;

  before(async function () {
    this.timeout(180_000);
    workbench = await openWorkbench();
  });

  after(() => closeWorkbench(workbench));

  it("lists a finding without any file being opened", async () => {
    const problem = await waitForProblem(workbench);
    assert.notEqual(problem.message, "");
  });

  it("shows the panel", async () => {
    const panel = await openPathPanel(workbench);
    assert.notEqual((await panel.locator("body").allInnerTexts()).join("").trim(), "");
    await screenshot(workbench, "activation");
  });
});

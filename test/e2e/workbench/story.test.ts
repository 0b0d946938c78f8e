import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import {
  activeFile,
  applyQuickFix,
  closeWorkbench,
  editorText,
  findPlace,
  hoverAt,
  openFile,
  openPathPanel,
  openQuickFixes,
  openWorkbench,
  pathPanel,
  poll,
  readClipboard,
  screenshot,
  type Workbench,
  waitForProblem,
} from "../harness/index.js";

/** The text of an element as it is laid out, for words of neighbouring elements must not run together. */
async function textOf(locator: Locator): Promise<string> {
  return (await locator.allInnerTexts()).join("\n");
}

/** As a user works with the sample story: mouse, keyboard, and what stands on the screen. */
describe("the story in a window", function () {
  this.timeout(240_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await openWorkbench({ theme: "dark" });
  });
  after(() => closeWorkbench(workbench));

  const shadowing = () => findPlace(workbench, "node.txt", "32760: from");

  it("explains an observation point under the mouse", async () => {
    const place = await findPlace(workbench, "broken.log", "observationPoint", "应答");
    const text = await hoverAt(workbench, place, /from-network/);
    assert.match(text, /cil_from_netdev/);
    assert.match(text, /10\.10\.40\.222/);
    await screenshot(workbench, "hover-log-dark");
  });

  it("explains a rule and its table under the mouse", async () => {
    const text = await hoverAt(workbench, await findPlace(workbench, "node.txt", "from all fwmark 0x200"), /Cilium/);
    assert.match(text, /Rule 9/);
    await screenshot(workbench, "hover-rule-dark");
  });

  it("lists both findings in the Problems view", async () => {
    const diverged = await waitForProblem(workbench, ({ file }) => file === "broken.log");
    assert.match(diverged.message, /Rule 32760 took it to table 100/);
    assert.equal(diverged.severity, "Error");
    const rule = await waitForProblem(workbench, ({ file }) => file === "node.txt");
    assert.match(rule.message, /171\.0\.1\.0\/24 \(pods by cilium_host\)/);
    assert.equal(rule.line, (await shadowing()).line);
    await screenshot(workbench, "problems-dark");
  });

  it("offers the fixes by the light bulb", async () => {
    const titles = await openQuickFixes(workbench, await shadowing(), "lightBulb");
    assert.ok(
      titles.some((title) => /^Copy the fix: look up 171\.0\.0\.0\/24 and 171\.0\.1\.0\/24/.test(title)),
      titles.join("\n"),
    );
    assert.ok(
      titles.some((title) => /^Explain shadowing-rule, with all \d+ fixes and their proof/.test(title)),
      titles.join("\n"),
    );
    await screenshot(workbench, "quick-fix-dark");
    await workbench.page.keyboard.press("Escape");
  });

  it("copies the commands", async () => {
    await applyQuickFix(workbench, await shadowing(), /^Copy the fix/);
    const commands = await poll("the commands on the clipboard", async () => {
      const text = await readClipboard(workbench);
      return text.startsWith("ip rule add") ? text : undefined;
    });
    assert.match(commands, /^ip rule add from 10\.10\.40\.222 to 171\.0\.1\.0\/24 lookup main priority 32759$/m);
  });

  it("writes a script with the proof beside the dump", async () => {
    await applyQuickFix(workbench, await shadowing(), /^Write the fix as a script/);
    await poll("the script to open", async () =>
      (await activeFile(workbench)) === "fix-rule-32758-narrow.sh" ? true : undefined,
    );
    const script = await editorText(workbench);
    assert.match(script, /^set -eu$/m);
    assert.match(script, /^ip rule add from 10\.10\.40\.222 to 171\.0\.1\.0\/24 lookup main priority 32759$/m);
    assert.match(script, /^# +171\.0\.1\.83 from 10\.10\.40\.222/m);
    await screenshot(workbench, "script-dark");
  });

  it("walks the broken packet by the keyboard, evidence one key away", async () => {
    await openFile(workbench, "broken.log");
    const panel = await openPathPanel(workbench);
    const packets = panel.locator('[role="option"]');
    await packets.first().waitFor();
    assert.equal(await packets.count(), 4);
    assert.match(await textOf(packets.first()), /reply from 10\.10\.40\.222 to 171\.0\.1\.83[\s\S]*broken/i);
    assert.match(await textOf(panel.locator("body")), /Here they part/);

    const details = panel.locator('[aria-label="The selected hop"]');
    await panel.locator('[role="listbox"]').focus();
    await workbench.page.keyboard.press("Home");
    await workbench.page.keyboard.press("Enter");
    await workbench.page.keyboard.press("Home");
    const seen: string[] = [];
    for (let step = 0; step < 4; step++) {
      seen.push(await textOf(details.locator("h3")));
      await workbench.page.keyboard.press("ArrowDown");
    }
    assert.match(seen.join("; "), /^Wire; from-network.*; Netfilter prerouting; Policy routing$/);
    await workbench.page.keyboard.press("ArrowUp");
    assert.match(await textOf(details), /Rule 32760 decides/);
    await screenshot(workbench, "panel-dark");
    await workbench.page.keyboard.press("Enter");
    await poll("the rule in the editor", async () => ((await activeFile(workbench)) === "node.txt" ? true : undefined));
  });

  it("walks the packet to its endpoint with the fix, in the simulation", async () => {
    const panel = pathPanel(workbench);
    await panel
      .getByRole("button", { name: /^Try the fix/ })
      .first()
      .click();
    await panel.getByText("Delivered to endpoint 1177").first().waitFor();
    await screenshot(workbench, "fix-tried-dark");
    const dump = await readFile(join(workbench.folder, "node.txt"), "utf8");
    assert.doesNotMatch(dump, /32759/);
  });

  it("shows the events of the conversation by themselves, each with its place", async () => {
    await pathPanel(workbench).getByRole("button", { name: "Show its events" }).click();
    await poll("the events to open", async () =>
      (await activeFile(workbench))?.startsWith("ICMP") === true ? true : undefined,
    );
    assert.match(await editorText(workbench), /^\{"cpu".*"observationPoint":"from-network"/m);
    // Selecting all may have scrolled to the end, and VS Code draws only the lines in sight.
    await workbench.page.keyboard.press("Control+Home");
    await workbench.page
      .locator(".view-line", { hasText: /^broken\.log:\d+/ })
      .first()
      .waitFor();
    await screenshot(workbench, "events-dark");
  });

  it("looks as good in a light theme", async () => {
    const light = await openWorkbench({ theme: "light" });
    try {
      await openFile(light, "node.txt");
      await waitForProblem(light, ({ file }) => file === "node.txt");
      const panel = await openPathPanel(light);
      await panel.locator('[role="option"]').first().waitFor();
      await screenshot(light, "panel-light");
      await hoverAt(light, await findPlace(light, "broken.log", "observationPoint", "应答"), /from-network/);
      await screenshot(light, "hover-log-light");
    } finally {
      await closeWorkbench(light);
    }
  });
});

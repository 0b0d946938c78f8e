import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "sarif";
import { type CheckOptions, check } from "../../server/src/cli/commands/check.js";
import { type ExplainOptions, explain } from "../../server/src/cli/commands/explain.js";

/** A flow as Hubble prints it, of one of several nodes. */
function flow(node: string, port: number): string {
  return JSON.stringify({
    flow: {
      time: "2026-01-01T00:00:00Z",
      verdict: "FORWARDED",
      IP: { source: "10.3.1.83", destination: "10.3.1.84", ipVersion: "IPv4" },
      l4: { TCP: { source_port: port, destination_port: 80, flags: { SYN: true } } },
      event_type: { type: 4, sub_type: 0 },
      trace_observation_point: "TO_ENDPOINT",
      node_name: node,
    },
    node_name: node,
  });
}

describe("what of large captures is not looked at", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-limits-"));
    const flows = Array.from({ length: 40 }, (_, at) => flow(at % 2 === 0 ? "node-a" : "<b>node", 40_000 + at));
    writeFileSync(join(folder, "flows.json"), `${flows.join("\n")}\n`);
  });
  after(() => rmSync(folder, { recursive: true }));

  /** The capture counts as large from this size on, in bytes. */
  const large = 1000;
  const limit = /flows\.json has events of several nodes/;

  async function checked(format: CheckOptions["format"], largeFrom = large): Promise<string> {
    const lines: string[] = [];
    await check([folder], { format, failOn: "never", largeFrom, warn: () => {} }, "1.0.0", (line) => lines.push(line));
    return lines.join("\n");
  }

  async function explained(format: ExplainOptions["format"]): Promise<string> {
    const lines: string[] = [];
    await explain([folder], { format, largeFrom: large, warn: () => {} }, (line) => lines.push(line));
    return lines.join("\n");
  }

  it("is told by check in SARIF as notifications of the run, with the file", async () => {
    const [run] = (JSON.parse(await checked("sarif")) as Log).runs;
    const [invocation] = run?.invocations ?? [];
    assert.equal(invocation?.executionSuccessful, true);
    const [notification] = invocation.toolExecutionNotifications ?? [];
    assert.match(notification?.message.text ?? "", limit);
    assert.equal(notification?.level, "warning");
    assert.match(notification.locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? "", /\/flows\.json$/);
  });

  it("is told by check in Markdown and HTML under a heading, as text", async () => {
    assert.match(await checked("markdown"), /\n## Not looked at\n\n- flows\.json has events of several nodes/);
    assert.doesNotMatch(await checked("markdown"), /(?<!\\)<b>/);
    assert.match(await checked("html"), /<h2>Not looked at<\/h2>\n<ul><li>flows\.json has .*&lt;b&gt;node/);
  });

  it("is not told where all was looked at", async () => {
    for (const format of ["sarif", "markdown", "html"] as const) {
      const report = await checked(format, Number.POSITIVE_INFINITY);
      assert.doesNotMatch(report, /Not looked at|invocations/, format);
    }
  });

  it("is told by explain in every format, with what the files do not show", async () => {
    for (const format of ["text", "json", "markdown", "html"] as const) {
      assert.match(await explained(format), limit, format);
    }
  });
});

import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../server/src/cli/commands/check.js";
import { openPaths } from "../../server/src/cli/openPaths.js";
import { analyse } from "../../server/src/core/analyse.js";
import { columnsOfEvents } from "../../server/src/core/capture/columns/columnsOfEvents.js";
import { createNames } from "../../server/src/core/capture/columns/names.js";
import { joinColumns } from "../../server/src/core/capture/joining/joinColumns.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { analyseLargeCase, type LargeCapture, openLargeCase } from "../../server/src/core/large/largeCase.js";
import { wholeSegment } from "../../server/src/core/scan/captureSegment.js";
import { openCapture } from "../../server/src/node/capture/openCapture.js";
import { usualRecipe } from "../bench/capture/madeCapture.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { madeText, writeCapture } from "../bench/capture/writeCapture.js";

/** Messages of all findings of an analysis, with their codes. */
function messagesOf({ nodes }: ReturnType<typeof analyse>): string[] {
  return nodes.flatMap(({ findings }) => findings.map(({ finding }) => `${finding.code}: ${finding.message}`));
}

describe("what a large capture holds beside packets, and what of it is left out", function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-limits-"));
    path = join(folder, "monitor.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What `check` prints of the folder when its captures are indexed, and what it warns of. */
  async function checked(): Promise<{ readonly text: string; readonly json: string; readonly warnings: string[] }> {
    const run = async (format: "text" | "json"): Promise<string> => {
      const lines: string[] = [];
      const options = { format, failOn: "never", level: {}, largeFrom: 1000, warn } as const;
      await check([folder], options, "1", (line) => lines.push(line));
      return lines.join("\n");
    };
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const text = await run("text");
    const told = [...warnings];
    return { text, json: await run("json"), warnings: told };
  }

  /** Findings of the capture alone, read whole and indexed. */
  async function bothWays(): Promise<{ readonly whole: string[]; readonly indexed: string[] }> {
    const whole = analyse([readFile({ file: path, text: readFileSync(path, "utf8") })]);
    const capture = await openCapture(path);
    const large = openLargeCase({ files: [], captures: [capture], order: [path] });
    const indexed = messagesOf(analyseLargeCase(large).analysis);
    capture.close();
    return { whole: messagesOf(whole), indexed };
  }

  const made = (bytes: number): string => Buffer.concat([...madeText(bytes, { ...usualRecipe, seed: 51 })]).toString();

  it("reads dumps among its lines", async () => {
    writeFileSync(path, `${made(700_000)}${nodeDump}${made(300_000)}`);
    const { whole, indexed } = await bothWays();
    assert.ok(
      indexed.some((message) => message.startsWith("shadowing-rule")),
      indexed.join("\n"),
    );
    assert.deepEqual(indexed, whole);
  });

  it("heeds comments that silence findings, and none that stood above another line", async () => {
    const [first = "", ...others] = made(800_000).split("\n");
    const lines = [first, "# packetwalk: ignore", ...others];
    writeFileSync(path, `${lines.join("\n")}\n${nodeDump}`);
    const { whole, indexed } = await bothWays();
    assert.deepEqual(indexed, whole);
    assert.ok(indexed.length > 0);
    appendFileSync(path, "# packetwalk: ignore-file shadowing-rule\n");
    const silenced = await bothWays();
    assert.ok(!silenced.indexed.some((message) => message.startsWith("shadowing-rule")));
    assert.deepEqual(silenced.indexed, silenced.whole);
  });

  it("finds the lines that can't be read", async () => {
    const [first = "", second = ""] = made(3000).split("\n");
    writeFileSync(path, `${made(300_000)}${first.slice(0, 400)}\n${second}\n`);
    const { whole, indexed } = await bothWays();
    assert.equal(indexed.filter((message) => message.startsWith("malformed-line")).length, 1);
    assert.deepEqual(indexed, whole);
  });

  it("keeps what was lost late, behind thousands of other events", async () => {
    const agent = '{"cpu":"CPU 01:","type":"agent","subtype":"Endpoint regenerated","message":{"id":5}}\n';
    const lines = made(600_000).split("\n");
    const cut = lines.length - 10;
    const parts = [lines.slice(0, cut), [agent.repeat(30_000)], ["CPU 03: Lost 7 events"], lines.slice(cut)];
    writeFileSync(path, parts.flat().join("\n"));
    const capture = await openCapture(path);
    const large = openLargeCase({ files: [], captures: [capture], order: [path] });
    const part = analyseLargeCase(large);
    const excerpt = part.excerpts.get(path);
    assert.match(excerpt?.text ?? "", /^CPU 03: Lost 7 events$/m);
    assert.ok((excerpt?.text.match(/Endpoint regenerated/g) ?? []).length < 10);
    const { whole, indexed } = await bothWays();
    assert.deepEqual(indexed, whole);
    assert.deepEqual(part.files[0]?.limits, undefined);
    capture.close();
  });

  it("says what it does not look at, with numbers", async () => {
    writeCapture(path, 300_000);
    appendFileSync(path, "CPU 01: Lost 1 events\n".repeat(50_003));
    appendFileSync(path, '{"cpu":"CPU 01:","type":"trace","mark":\n{"cpu":"CPU 02:","type":"trace"\n'.repeat(1100));
    const { json, warnings } = await checked();
    assert.match(
      warnings.join("\n"),
      /monitor\.log holds more than is looked at here: 3 messages of lost events, \d+ lines that can't be read behind/,
    );
    assert.deepEqual((JSON.parse(json) as { limits: string[] }).limits, warnings);
  });

  it("says how many of very many packets are analysed one by one", async () => {
    writeCapture(path, 300_000);
    const opened = await openCapture(path);
    const {
      captures: [real],
    } = openLargeCase({ files: [], captures: [opened], order: [path] });
    assert.ok(real);
    // As a capture would be of which 60 000 packets went astray, of as many kinds.
    const count = 60_000;
    const joined = joinColumns(columnsOfEvents([], createNames()), () => false);
    const large: LargeCapture = {
      ...real,
      joined: {
        ...real.joined,
        count,
        conversation: new Uint32Array(count),
        direction: new Uint8Array(count),
      },
      segments: wholeSegment(columnsOfEvents([], createNames()), {
        ...joined,
        count,
        start: new Uint32Array(count + 1),
      }),
      conversations: { start: new Uint32Array(2), packets: new Uint32Array(0) },
      classes: {
        classOf: Uint32Array.from({ length: count }, (_, packet) => packet),
        representatives: Array.from({ length: count }, (_, packet) => packet),
      },
      statuses: Array.from({ length: count }, () => "broken" as const),
    };
    const { files } = analyseLargeCase({ files: [], captures: [large], order: [path] });
    assert.deepEqual(files[0]?.limits, [
      "monitor.log: its packets are of 60000 kinds, of which 20000 were walked. How the 40000 packets of the others ended is not known.",
      "monitor.log: of 60000 packets that went astray, the first 50000 were analysed one by one.",
    ]);
    opened.close();
  });

  it("tells the user of a line of more than 64 MB, NUL bytes and malformed UTF-8, and uses the rest", async () => {
    writeCapture(path, 200_000);
    appendFileSync(path, Buffer.concat([Buffer.alloc(100_000), Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a])]));
    appendFileSync(path, '{"cpu":"');
    for (let index = 0; index < 70; index++) appendFileSync(path, Buffer.alloc(1 << 20, "x"));
    appendFileSync(path, `\n${made(200_000)}`);
    const { text, warnings } = await checked();
    assert.match(warnings.join("\n"), /^monitor\.log:\d+: This line is longer than 64 MB\. Nothing of it is used\.$/m);
    assert.match(text, /found|error|warning/i);
  });

  it("does without the lines of a file that was deleted, cut or replaced while it is open", async () => {
    writeCapture(path, 400_000);
    const capture = await openCapture(path);
    rmSync(path);
    assert.ok(capture.excerpt([1]).text.length > 500);
    writeCapture(path, 400_000);
    const second = await openCapture(path);
    writeFileSync(path, "");
    assert.equal(second.excerpt([1]).text.trim(), "");
    const large = openLargeCase({ files: [], captures: [second], order: [path] });
    assert.equal(large.captures[0]?.joined.count, second.joined.count);
    assert.doesNotThrow(() => analyseLargeCase(large));
    capture.close();
    second.close();
    assert.equal(second.excerpt([1]).text.trim(), "");
  });

  it("names what can't be opened, and uses the rest of the folder", async () => {
    writeCapture(path, 200_000);
    mkdirSync(join(folder, "a.log"));
    symlinkSync(join(folder, "nowhere"), join(folder, "b.log"));
    await assert.rejects(openPaths([join(path, "inside")]), /ENOTDIR|no such file or folder/);
    await assert.rejects(openCapture(folder), /EISDIR/);
    const { captures, close } = await openPaths([folder], { largeFrom: 1000 });
    assert.equal(captures.length, 1);
    await close();
  });
});

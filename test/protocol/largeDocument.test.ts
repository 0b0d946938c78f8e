import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Diagnostic, type Hover, type Location, LSPErrorCodes, type Range } from "vscode-languageserver";
import {
  type CaseView,
  caseMethod,
  type EventsResult,
  eventsMethod,
  type PacketsResult,
  packetsMethod,
  type WalkResult,
  walkMethod,
} from "../../server/src/lsp/protocol.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { writeCapture } from "../bench/capture/writeCapture.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

describe("a large capture open as a document", function () {
  this.timeout(120_000);
  let folder: string;
  let client: InProcessClient;
  let uri: string;
  let log: string;
  let version = 1;

  function change(range: Range, text: string): Promise<void> {
    const textDocument = { uri, version: ++version };
    return client.connection.sendNotification("textDocument/didChange", {
      textDocument,
      contentChanges: [{ range, text }],
    });
  }
  const at = (line: number, character = 0) => ({ line, character });
  const insert = (line: number, text: string) => change({ start: at(line), end: at(line) }, text);
  const removeLines = (line: number, count = 1) => change({ start: at(line), end: at(line + count) }, "");
  const ask = <T>(method: string, params: object = {}) => client.connection.sendRequest<T>(method, { uri, ...params });
  const hover = (line: number, character: number) =>
    ask<Hover | null>("textDocument/hover", { textDocument: { uri }, position: at(line, character) });
  const markdown = (found: Hover | null) => (found?.contents as { value: string } | undefined)?.value ?? "";

  /** The findings after the newest change. */
  async function findings(): Promise<readonly Diagnostic[]> {
    const { revision } = await ask<CaseView>(caseMethod);
    // They are sent some time after the change, from the same analysis.
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { revision: now } = await ask<CaseView>(caseMethod);
      if (now === revision) return client.diagnostics(uri);
    }
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pw-document-"));
    writeFileSync(join(folder, "node.txt"), nodeDump);
    writeCapture(join(folder, "monitor.log"), 9_000_000);
    log = readFileSync(join(folder, "monitor.log"), "utf8");
    uri = pathToFileURL(join(folder, "monitor.log")).toString();
    client = await startClient();
    const lines = log.split("\n");
    await client.open(uri, `${lines.slice(0, 300).join("\n")}\n`);
    for (let from = 300; from < lines.length; from += 1500) {
      const last = from + 1500 >= lines.length;
      await insert(from, `${lines.slice(from, from + 1500).join("\n")}${last ? "" : "\n"}`);
    }
  });
  after(() => {
    client.dispose();
    rmSync(folder, { recursive: true });
  });

  it("has the packets and findings that the same file has when it is read whole", async () => {
    const whole = await startClient();
    const known = await ask<CaseView>(caseMethod);
    const found = await findings();
    // Half as much is read whole: what is said of it must be said of it here too.
    const half = log.slice(0, log.lastIndexOf("\n", 4_500_000) + 1);
    const copy = mkdtempSync(join(tmpdir(), "pw-document-"));
    writeFileSync(join(copy, "node.txt"), nodeDump);
    const small = await whole.open(pathToFileURL(join(copy, "monitor.log")).toString(), half);
    const expected = await whole.diagnostics(small);
    const count = half.split("\n").length - 30;
    const drawn = (diagnostics: readonly Diagnostic[]) =>
      diagnostics
        .filter(({ range }) => range.start.line < count)
        .map(({ range, code, message }) => `${range.start.line}:${range.start.character} ${code} ${message}`)
        .sort();
    assert.ok(expected.length > 10);
    assert.deepEqual(drawn(found), drawn(expected));
    assert.ok(known.packets.broken > expected.length);
    whole.dispose();
    rmSync(copy, { recursive: true });
  });

  it("walks a packet with evidence from its lines", async () => {
    const filter = { text: "", status: "broken" };
    const { packets } = await ask<PacketsResult>(packetsMethod, { filter, count: 5 });
    const packet = packets.at(-1)?.id;
    const { walk } = await ask<WalkResult>(walkMethod, { packet });
    assert.ok(walk.hops.some(({ evidence }) => evidence.some(({ kind }) => kind === "rule")));
    const { events } = await ask<EventsResult>(eventsMethod, { packet });
    const lines = log.split("\n");
    for (const { text, location } of events) assert.equal(lines[location.range.start.line], text);
  });

  it("explains any event, with what became of its packet", async () => {
    const lines = log.split("\n");
    const far = lines.findLastIndex((text) => text.includes('"observationPoint":"to-endpoint"'));
    const found = await hover(far, lines[far]?.indexOf("to-endpoint") ?? 0);
    assert.match(markdown(found), /to-endpoint/);
    assert.match(markdown(found), /took its normal way|Delivered/);
    assert.equal(found?.range?.start.line, far);
    const [astray] = await findings();
    assert.match(markdown(await hover(astray?.range.start.line ?? 0, 300)), /table 100|left|astray/i);
  });

  it("follows an edit, before and behind it", async () => {
    const before = await findings();
    const middle = before.toSorted((a, b) => a.range.start.line - b.range.start.line)[before.length >> 1];
    const line = middle?.range.start.line ?? 0;
    await insert(line, "# a note\n# é\u{1f600}\n");
    const after = await findings();
    const moved = before.map(({ range: { start } }) => (start.line >= line ? start.line + 2 : start.line));
    assert.deepEqual(
      after.map(({ range: { start } }) => start.line).sort((a, b) => a - b),
      moved.sort((a, b) => a - b),
    );
    await removeLines(line, 2);
    assert.deepEqual(await findings(), before);
  });

  it("lets a comment silence the finding below it", async () => {
    const before = await findings();
    const first = before[0];
    const line = first?.range.start.line ?? 0;
    await insert(line, `# packetwalk: ignore ${first?.code}\n`);
    const after = await findings();
    assert.equal(after.length, before.length - 1);
    await removeLines(line);
  });

  it("reads a dump that stands among the events", async () => {
    await insert(
      4000,
      "$ ip rule show table 77\n77: from all lookup 77\n$ ip route show table 77\ndefault via 192.0.2.9 dev eth0\n",
    );
    const found = await ask<Location[]>("textDocument/definition", { textDocument: { uri }, position: at(4001, 3) });
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [4003],
    );
    assert.match(markdown(await hover(4001, 20)), /table 77|77/);
    await removeLines(4000, 4);
  });

  it("refuses what was asked about a text that has changed", async () => {
    await insert(10, "# x\n");
    const symbols = ask("textDocument/documentSymbol", { textDocument: { uri } });
    const refused = assert.rejects(symbols, { code: LSPErrorCodes.ContentModified });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await removeLines(10);
    await refused;
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Diagnostic } from "vscode-languageserver/node";
import { type CaseView, caseMethod } from "../../server/src/lsp/protocol.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

/** A host without a file system: only what is opened is known. */
const noFiles = { listFolder: async () => [], readText: async () => undefined };

const normal = readFileSync("samples/story/normal.log", "utf8");
const dump = readFileSync("samples/story/node.txt", "utf8");

describe("bad input over the protocol", () => {
  let client: InProcessClient;
  let opened = 0;

  before(async () => {
    client = await startClient(noFiles);
  });
  after(() => client.dispose());

  /** Opens a text in a folder of its own, hovers all over it, and answers with its diagnostics. */
  async function diagnosticsOf(text: string): Promise<readonly Diagnostic[]> {
    const uri = await client.open(`memory:/case${++opened}/file`, text);
    const diagnostics = await client.diagnostics(uri).catch(() => []);
    for (const line of [0, 1, 5, 1_000_000]) {
      await client.connection.sendRequest("textDocument/hover", {
        textDocument: { uri },
        position: { line, character: 7 },
      });
    }
    await client.connection.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
    return diagnostics;
  }

  const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code);

  it("reports a cut last line once, with its place, and uses the rest", async () => {
    const cut = normal.slice(0, normal.lastIndexOf('"to-endpoint"'));
    const diagnostics = await diagnosticsOf(cut);
    assert.deepEqual(codes(diagnostics), ["malformed-line"]);
    assert.equal(diagnostics[0]?.range.start.line, cut.split("\n").length - 1);
  });

  it("reads CRLF, colours and words glued to a line as if they were not there", async () => {
    const coloured = dump
      .replaceAll("\n", "\r\n")
      .replace("from 10.10.40.222 lookup", "from \u001b[1;35m10.10.40.222\u001b[0m lookup");
    assert.deepEqual(codes(await diagnosticsOf(coloured)), ["shadowing-rule"]);
    assert.deepEqual(codes(await diagnosticsOf(normal.replaceAll("\n", "\r\n"))), []);
  });

  it("names the table that is missing, and guesses no shadowing rule", async () => {
    const without = dump.slice(0, dump.indexOf("# 32760"));
    const diagnostics = await diagnosticsOf(without);
    assert.deepEqual(codes(diagnostics), ["unknown-table"]);
    assert.match(String(diagnostics[0]?.message), /ip route show table 100/);
  });

  it("caps what it reports, and says so", async () => {
    const diagnostics = await diagnosticsOf(`${normal}${'{"cpu":"CPU 01:","type":"trace","ma\n'.repeat(2000)}`);
    assert.equal(diagnostics.length, 501);
    assert.match(String(diagnostics.at(-1)?.message), /^Of 2\d{3} findings in this file the 500 gravest are shown\./);
  });

  it("tells of a file beside it that can't be read, if it may be ours", async () => {
    const sizes = { "large.log": 30_000_000, "film.mp4": 30_000_000, "old.log.gz": 1000, "backup.gz": 1000 };
    const entries = Object.entries(sizes).map(([name, size]) => ({ uri: `memory:/far/${name}`, size, version: "1" }));
    const far = await startClient({ listFolder: async () => entries, readText: async () => undefined });
    const uri = await far.open("memory:/far/node.txt", dump);
    const { missing } = await far.connection.sendRequest<CaseView>(caseMethod, { uri });
    assert.deepEqual(
      missing.filter((sentence) => /can't be read/.test(sentence)),
      [
        "large.log can't be read: it is too large for a browser, or this user may not read it.",
        "old.log.gz is packed and can't be read in a browser; the packetwalk command reads it.",
      ],
    );
    far.dispose();
  });

  for (const [name, text] of [
    ["an empty text", ""],
    ["binary", Array.from({ length: 4096 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join("")],
    ["a 5 MB line of JSON", `{"type":"trace","summary":"${"x".repeat(5_000_000)}"}`],
    ["a 5 MB line of brackets", "{".repeat(5_000_000)],
    ["a 5 MB line of rule words", "from ".repeat(1_000_000)],
    ["a 5 MB line of quotes", '"\\'.repeat(2_500_000)],
  ] as const) {
    it(`survives ${name}`, async function () {
      this.timeout(30_000);
      await diagnosticsOf(text);
      assert.deepEqual(codes(await diagnosticsOf(dump)), ["shadowing-rule"]);
    });
  }
});

import assert from "node:assert/strict";
import { type Diagnostic, type Hover, PublishDiagnosticsNotification } from "vscode-languageserver";
import { drawnCase } from "../core/case/drawnCase.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

/** Waits until the client was told something, or fails. */
async function until(isTold: () => boolean): Promise<void> {
  for (let at = 0; !isTold(); at++) {
    assert.ok(at < 500, "the client was not told");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("several nodes", function () {
  this.timeout(20_000);
  let client: InProcessClient;
  /** What was published, in order. */
  let published: { readonly uri: string; readonly diagnostics: readonly Diagnostic[] }[];
  const newest = (uri: string) => published.findLast((each) => each.uri === uri)?.diagnostics ?? [];
  const codes = (uri: string) => newest(uri).map(({ code }) => code);
  const textOf = (file: string) =>
    drawnCase("addressesBetweenNodes.case").files.find((each) => each.file === file)?.text ?? "";
  const open = (name: string, text: string) => client.open(`memory:/cluster/${name}`, text);

  beforeEach(async () => {
    client = await startClient();
    published = [];
    client.connection.onNotification(PublishDiagnosticsNotification.type, (params) => void published.push(params));
  });
  afterEach(() => client.dispose());

  it("in folders side by side are compared, in whatever order they are opened", async () => {
    const second = await open("node-b/node.txt", textOf("node-b/node.txt"));
    await until(() => published.length > 0);
    assert.deepEqual(codes(second), []);
    const first = await open("node-a/node.txt", textOf("node-a/node.txt"));
    await until(() => codes(second).length === 2);
    assert.deepEqual(codes(second), ["address-conflict", "address-conflict"]);
    const [conflict] = newest(second);
    const [related] = conflict?.relatedInformation ?? [];
    assert.equal(related?.location.uri, first);
    assert.notEqual(related?.location.range.start.line, 0);
    const params = { textDocument: { uri: second }, range: conflict?.range, context: { diagnostics: [] } };
    const actions = await client.connection.sendRequest<{ title: string }[]>("textDocument/codeAction", params);
    assert.ok(actions.some(({ title }) => title === "Explain address-conflict"));
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri: first } });
    await until(() => codes(second).length === 0);
  });

  it("in folders that are not side by side are not", async () => {
    await open("node-a/node.txt", textOf("node-a/node.txt"));
    const other = await client.open("memory:/other/node-b/node.txt", textOf("node-b/node.txt"));
    await until(() => published.length > 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(codes(other), []);
  });

  it("in one file have each their own tables under the cursor", async () => {
    const text = drawnCase("twoHosts.case").files.find(({ file }) => file === "hosts/ticket.txt")?.text ?? "";
    const uri = await client.open("memory:/hosts/ticket.txt", text);
    await until(() => codes(uri).length > 0);
    assert.deepEqual(codes(uri).toSorted(), ["address-conflict", "state-changed"]);
    const lines = text.split("\n");
    const gateways = [];
    for (const [line, words] of lines.entries()) {
      if (!words.includes("lookup main")) continue;
      const params = { textDocument: { uri }, position: { line, character: 20 } };
      const found = await client.connection.sendRequest<Hover | null>("textDocument/hover", params);
      gateways.push(/10\.3\.1\.20\d/.exec(JSON.stringify(found?.contents))?.[0]);
    }
    assert.deepEqual(gateways, ["10.3.1.200", "10.3.1.201", "10.3.1.200"]);
  });

  it("are told of only where something of them is new", async () => {
    const uri = await open("node-a/node.txt", textOf("node-a/node.txt"));
    await until(() => published.length === 1);
    let changed = 0;
    client.connection.onNotification("packetwalk/changed", () => void changed++);
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: "# x\n" }],
    });
    await until(() => changed > 0);
    assert.equal(published.length, 1);
  });
});

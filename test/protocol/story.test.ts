import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CodeAction, CreateFile, Hover, TextDocumentEdit } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import {
  type CaseView,
  caseMethod,
  type EventsResult,
  eventsMethod,
  eventsScheme,
  type FixesResult,
  fixesMethod,
  type PacketsResult,
  packetsMethod,
  type TryFixResult,
  tryFixMethod,
  type WalkResult,
  walkMethod,
} from "../../server/src/lsp/protocol.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

const story = resolve("samples/story");
const dump = `${story}/node.txt`;
const shadowing = "32760: from 10.10.40.222 lookup 100";

describe("the story over the protocol", () => {
  let client: InProcessClient;
  let uri: string;

  before(async () => {
    client = await startClient();
    uri = await client.open(dump);
  });
  after(() => client.dispose());

  function positionOf(path: string, text: string, within = 0) {
    const before = readFileSync(path, "utf8").split(text)[0] ?? "";
    const line = before.split("\n").length - 1;
    return { line, character: before.length - (before.lastIndexOf("\n") + 1) + within };
  }

  async function hoverText(path: string, text: string, within = 0): Promise<string> {
    const document = await client.open(path);
    const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: document },
      position: positionOf(path, text, within),
    });
    assert.ok(hover && typeof hover.contents === "object" && "value" in hover.contents, `no hover on ${text}`);
    return hover.contents.value;
  }

  async function actions(): Promise<CodeAction[]> {
    const start = positionOf(dump, shadowing);
    return client.connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start, end: start },
      context: { diagnostics: [] },
    });
  }

  it("reports the shadowing rule in the dump, with the routes it takes away", async () => {
    const [diagnostic, ...others] = await client.diagnostics(uri);
    assert.deepEqual(others, []);
    assert.equal(diagnostic?.code, "shadowing-rule");
    assert.deepEqual(diagnostic.range.start, positionOf(dump, shadowing));
    for (const part of ["171.0.1.0/24", "171.0.0.0/24", "cilium_host", "eth0 via 10.10.40.254", "table 100"]) {
      assert.ok(String(diagnostic.message).includes(part), `${part} is missing in: ${diagnostic.message}`);
    }
    const related = diagnostic.relatedInformation?.map(({ location }) => location.range.start.line) ?? [];
    assert.ok(related.includes(positionOf(dump, "171.0.1.0/24 via").line));
  });

  it("reports the diverged reply in the broken capture, which nobody opened, and nothing in the normal one", async () => {
    const broken = URI.file(`${story}/broken.log`).toString();
    const [diagnostic, ...others] = await client.diagnostics(broken);
    assert.deepEqual(others, []);
    assert.equal(diagnostic?.code, "diverged-path");
    const lines = readFileSync(`${story}/broken.log`, "utf8").trimEnd().split("\n");
    assert.equal(diagnostic.range.start.line, lines.length - 1);
    assert.match(String(diagnostic.message), /Rule 32760/);
    assert.deepEqual(await client.diagnostics(URI.file(`${story}/normal.log`).toString()), []);
  });

  it("offers the best fix to copy, to write as a script and to try, and the page that has all others", async () => {
    const offered = await actions();
    assert.deepEqual(
      offered.map(({ title }) => title),
      [
        "Copy the fix: look up 171.0.0.0/24 and 171.0.1.0/24 in table main before rule 32760",
        "Write the fix as a script: fix-rule-32758-narrow.sh",
        "Try the fix in the panel",
        "Explain shadowing-rule, with all 4 fixes and their proof",
        "Ignore shadowing-rule here",
      ],
    );
    assert.deepEqual(
      offered.map(({ isPreferred }) => isPreferred === true),
      [true, false, false, false, false],
    );
    const copied = offered.map(({ command }) => (command?.arguments?.[0] as { readonly text?: string })?.text);
    assert.match(copied[0] ?? "", /^ip rule add from 10\.10\.40\.222 to 171\.0\.0\.0\/24 .*\nip rule add [^\n]*$/);
  });

  it("writes a script that is nothing but comments and the commands", async () => {
    const action = (await actions()).find(({ title }) => title.startsWith("Write "));
    const [create, edit] = (action?.edit?.documentChanges ?? []) as [CreateFile, TextDocumentEdit];
    assert.equal(create.kind, "create");
    assert.match(create.uri, /\/samples\/story\/fix-rule-\d+-narrow\.sh$/);
    const script = edit.edits.map((each) => ("newText" in each ? each.newText : "")).join("");
    assert.match(script, /^#!\/bin\/sh\n/);
    assert.match(script, /^ip rule add from 10\.10\.40\.222 to 171\.0\.1\.0\/24 lookup main priority 32759$/m);
    assert.match(script, /^# +171\.0\.1\.83 from 10\.10\.40\.222/m);
    assert.match(script, /^# +ip rule del from 10\.10\.40\.222 to 171\.0\.1\.0\/24 lookup main priority 32759$/m);
    for (const line of script.split("\n")) assert.match(line, /^(#.*|set -eu|ip rule add [\w ./]+|)$/);
  });

  it("explains fields and whole events in the log", async () => {
    const log = `${story}/normal.log`;
    const point = await hoverText(log, '"observationPoint":"from-network"', 22);
    assert.match(point, /cil\\?_from\\?_netdev/);
    assert.match(await hoverText(log, '"mark":"0xc1d67621"', 10), /flow hash/);
    assert.match(await hoverText(log, '"mark":"0xc1d67621"', 10), /not .*fwmark/i);
    assert.match(await hoverText(log, "TTL=62", 2), /TTL|hop/i);
    assert.match(await hoverText(log, '"cpu":"CPU 07:"', 2), /171\.0\.1\.83/);
    for (const field of [
      '"state":"new"',
      '"ifindex":"eth0"',
      '"source":1177',
      '"srcLabel":50600',
      '"traceSummary"',
      '"summary"',
    ]) {
      assert.ok((await hoverText(log, field, 4)).length > 40, field);
    }
  });

  it("explains rules with their owner and table, and routes", async () => {
    assert.match(await hoverText(dump, "9: from all fwmark", 12), /Cilium/);
    assert.match(await hoverText(dump, "100: from all lookup local", 12), /Cilium/);
    assert.match(await hoverText(dump, shadowing, 12), /10\.10\.40\.254/);
    assert.match(await hoverText(dump, "171.0.1.0/24 via", 3), /cilium\\?_host/);
  });

  it("goes from a rule to its table", async () => {
    const definition = await client.connection.sendRequest("textDocument/definition", {
      textDocument: { uri },
      position: positionOf(dump, shadowing, 30),
    });
    const text = readFileSync(dump, "utf8");
    const line = text.slice(0, text.lastIndexOf("default via")).split("\n").length - 1;
    assert.deepEqual((definition as { range: { start: { line: number } } }[])[0]?.range.start.line, line);
  });

  it("lists the walks, broken first, and walks the reply to its endpoint with the fix", async () => {
    const known = await client.connection.sendRequest<CaseView>(caseMethod, { uri });
    assert.equal(known.caseName, "story");
    assert.deepEqual(known.packets, { broken: 1, ok: 3, unknown: 0 });
    const ask = { uri, filter: { text: "", status: "all" }, count: 2 };
    const { packets, total } = await client.connection.sendRequest<PacketsResult>(packetsMethod, ask);
    assert.equal(total, 4);
    assert.deepEqual(
      packets.map(({ status }) => status),
      ["broken", "ok"],
    );
    const packet = packets[0]?.id;
    const { walk } = await client.connection.sendRequest<WalkResult>(walkMethod, { uri, packet });
    assert.equal(walk.hops[walk.parting ?? -1]?.place, "routing");
    assert.ok(known.mayHaveFixes);
    assert.deepEqual(
      known.setUp.map(({ node }) => node),
      ["story"],
    );
    assert.ok(known.setUp[0]?.facts.some(({ title }) => title.startsWith("Host routing: ")));
    const listed = await client.connection.sendRequest<FixesResult>(fixesMethod, { uri });
    const [fix] = listed?.fixes ?? [];
    const fixId = fix?.id;
    assert.deepEqual(fix?.sideEffects, []);
    assert.equal(listed?.more, 0);
    const tried = await client.connection.sendRequest<TryFixResult>(tryFixMethod, { uri, fixId });
    assert.equal(tried.packet, packet);
    const again = await client.connection.sendRequest<WalkResult>(walkMethod, { uri, packet, fixId });
    assert.equal(again.tried?.outcome, "Delivered to endpoint 1177.");
    const withFix = await client.connection.sendRequest<PacketsResult>(packetsMethod, { ...ask, fixId });
    assert.deepEqual(
      withFix.packets.map(({ statusWithFix }) => statusWithFix),
      ["ok", undefined],
    );
    assert.equal(await client.connection.sendRequest(walkMethod, { uri, packet: "gone" }), null);
  });

  it("gives the events of a packet's conversation with their places, and finds nothing in a document that shows them", async () => {
    const ask = { uri, filter: { text: "", status: "broken" }, count: 1 };
    const { packets } = await client.connection.sendRequest<PacketsResult>(packetsMethod, ask);
    const broken = await client.connection.sendRequest<EventsResult>(eventsMethod, { uri, packet: packets[0]?.id });
    const lines = readFileSync(`${story}/broken.log`, "utf8").split("\n");
    assert.deepEqual(
      broken.events.map(({ text, location }) => [text, location.range.start.line]),
      lines.flatMap((line, index) => (line.includes('"type":"trace"') ? [[line, index]] : [])),
    );
    const shown = await client.open(`${eventsScheme}:/events.log?1`, broken.events.map(({ text }) => text).join("\n"));
    const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
      textDocument: { uri: shown },
      position: { line: 0, character: 3 },
    });
    assert.ok(hover);
    const other = await client.open(`memory:/other/broken.log`, broken.events.map(({ text }) => text).join("\n"));
    assert.notDeepEqual(await client.diagnostics(other), []);
    assert.equal(client.published(shown), false);
  });

  it("takes findings back when the rule goes away", async () => {
    const text = readFileSync(dump, "utf8").replaceAll(shadowing, "");
    const other = await startClient({ listFolder: async () => [], readText: async () => undefined });
    const document = await other.open("untitled:Untitled-1", readFileSync(dump, "utf8"));
    assert.equal((await other.diagnostics(document)).length, 1);
    const emptied = new Promise<void>((done) => {
      other.connection.onNotification(
        "textDocument/publishDiagnostics",
        ({ diagnostics }: { diagnostics: unknown[] }) => {
          if (diagnostics.length === 0) done();
        },
      );
    });
    await other.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: document, version: 2 },
      contentChanges: [{ text }],
    });
    await emptied;
    other.dispose();
  });

  it("notices a dump that is saved beside an open capture", async () => {
    const texts = new Map([["memory:/case/broken.log", readFileSync(`${story}/broken.log`, "utf8")]]);
    const other = await startClient({
      listFolder: async () =>
        [...texts].map(([file, text]) => ({ uri: file, size: text.length, version: String(text.length) })),
      readText: async (file) => texts.get(file),
    });
    const log = await other.open("memory:/case/broken.log", texts.get("memory:/case/broken.log"));
    assert.match(String((await other.diagnostics(log))[0]?.message), /add `ip rule show`/);
    texts.set("memory:/case/node.txt", readFileSync(dump, "utf8"));
    await other.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: "memory:/case/node.txt", type: 1 }],
    });
    const [rule] = await other.diagnostics("memory:/case/node.txt");
    assert.equal(rule?.code, "shadowing-rule");
    other.dispose();
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { CodeAction, Diagnostic } from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import {
  type CaptureScriptParams,
  captureScriptMethod,
  explainCommand,
  type FindingPageParams,
  type FindingPageResult,
  findingPageMethod,
  findingScheme,
} from "../../server/src/lsp/protocol.js";
import type { Runtime } from "../../server/src/lsp/runtime.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

const alone: Runtime = { listFolder: async () => [], readText: async () => undefined };
const dumpUri = "untitled:Untitled-1";

const dump = `$ ip rule
0:	from all lookup local
1000:	from 198.51.100.7 lookup 150
1100:	from 198.51.100.7 lookup 150
32766:	from all lookup main
$ ip route show table 150
default via 192.0.2.1 dev eth0
$ ip route
default via 192.0.2.1 dev eth0
`;

async function actionsAt({ connection }: InProcessClient, uri: string, { range }: Diagnostic): Promise<CodeAction[]> {
  return connection.sendRequest<CodeAction[]>("textDocument/codeAction", {
    textDocument: { uri },
    range,
    context: { diagnostics: [] },
  });
}

async function change({ connection }: InProcessClient, uri: string, text: string): Promise<readonly Diagnostic[]> {
  const changed = new Promise<readonly Diagnostic[]>((done) => {
    connection.onNotification("textDocument/publishDiagnostics", ({ diagnostics }: { diagnostics: Diagnostic[] }) =>
      done(diagnostics),
    );
  });
  await connection.sendNotification("textDocument/didChange", {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text }],
  });
  return changed;
}

describe("findings over the protocol", () => {
  let client: InProcessClient;
  let finding: Diagnostic;

  beforeEach(async () => {
    client = await startClient(alone, undefined, { findingPages: true });
    await client.open(dumpUri, dump);
    const [only, ...others] = await client.diagnostics(dumpUri);
    assert.ok(only);
    assert.deepEqual([only.code, others], ["duplicate-rule", []]);
    finding = only;
  });
  afterEach(() => client.dispose());

  it("offers a fix to copy and to write; not to try, for no packet was captured", async () => {
    const titles = (await actionsAt(client, dumpUri, finding)).map(({ title }) => title);
    assert.deepEqual(titles, [
      "Copy the fix: delete rule 1100",
      "Write the fix as a script: fix-rule-1100-delete.sh",
      "Explain duplicate-rule",
      "Ignore duplicate-rule here",
    ]);
  });

  it("ignores a finding by the comment that its action inserts, and by nothing else", async () => {
    const action = (await actionsAt(client, dumpUri, finding)).find(({ title }) => title.startsWith("Ignore"));
    const [edit, ...others] = action?.edit?.changes?.[dumpUri] ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(edit?.range.start, { line: finding.range.start.line, character: 0 });
    assert.deepEqual(edit?.range.end, edit?.range.start);
    const lines = dump.split("\n");
    lines.splice(finding.range.start.line, 0, (edit?.newText ?? "").trimEnd());
    assert.deepEqual(await change(client, dumpUri, lines.join("\n")), []);
  });

  it("explains a finding on a page of its own, with its evidence and its fix", async () => {
    const action = (await actionsAt(client, dumpUri, finding)).find(({ title }) => title.startsWith("Explain"));
    assert.equal(action?.command?.command, explainCommand);
    const [params] = (action?.command?.arguments ?? []) as [FindingPageParams];
    const page = await client.connection.sendRequest<FindingPageResult>(findingPageMethod, params);
    for (const part of [
      "# duplicate-rule",
      "## Here",
      "1100:\tfrom 198.51.100.7 lookup 150".replace("\t", " "),
      "ip rule del from 198.51.100.7 lookup 150 priority 1100",
      "Leaves as it is (simulated)",
      "## When it stays silent",
      "`packetwalk.levels`",
    ]) {
      assert.ok(page?.includes(part), `"${part}" is missing in:\n${page}`);
    }
    const general = await client.connection.sendRequest<FindingPageResult>(findingPageMethod, {
      code: "duplicate-rule",
    });
    assert.ok(general?.startsWith("# duplicate-rule") && !general.includes("## Here"));
    assert.equal(await client.connection.sendRequest(findingPageMethod, { code: "no-such-code" }), null);
  });

  it("links a diagnostic's code to that page, for clients that have pages", async () => {
    const address = URI.parse(finding.codeDescription?.href ?? "", true);
    assert.equal(address.scheme, findingScheme);
    assert.equal(address.path, "/duplicate-rule.md");
    const params = JSON.parse(address.query) as FindingPageParams;
    assert.deepEqual(params, { code: "duplicate-rule", at: { uri: dumpUri, ...finding.range.start } });
    const plain = await startClient(alone);
    await plain.open(dumpUri, dump);
    assert.equal((await plain.diagnostics(dumpUri))[0]?.codeDescription, undefined);
    plain.dispose();
  });

  it("writes a capture script for what it is told, and for nothing else", async () => {
    const script = (params: CaptureScriptParams): Promise<string> =>
      client.connection.sendRequest<string>(captureScriptMethod, params);
    assert.match(await script({}), /^#!\/bin\/sh\n/);
    assert.match(await script({ node: "worker-1.example" }), /^node=worker-1\.example$/m);
    assert.match(await script({ pod: "cilium-x7k2p" }), /^pod=pod\/cilium-x7k2p$/m);
    assert.equal(await script({ node: "a; reboot" }), await script({}));
  });
});

describe("levels over the protocol", () => {
  it("come from the settings, and change with them", async () => {
    const settings: Record<string, unknown> = { levels: { "duplicate-rule": "error" } };
    const client = await startClient(alone, settings);
    try {
      const shown: string[][] = [];
      let wake = (): void => {};
      client.connection.onNotification(
        "textDocument/publishDiagnostics",
        ({ diagnostics }: { diagnostics: Diagnostic[] }) => {
          shown.push(diagnostics.map(({ code, severity }) => `${severity} ${code}`));
          wake();
        },
      );
      const until = async (wanted: string): Promise<void> => {
        while (shown.at(-1)?.join() !== wanted) await new Promise<void>((done) => (wake = done));
      };
      await client.open(dumpUri, dump);
      await until("1 duplicate-rule");
      settings.levels = { "duplicate-rule": "off" };
      await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      await until("");
    } finally {
      client.dispose();
    }
  });
});

describe("a fix over the protocol where a packet went astray", () => {
  it("can be tried in the panel, and is offered on the packet as well", async () => {
    const client = await startClient();
    try {
      const log = resolve("samples/story/broken.log");
      const uri = await client.open(log, readFileSync(log, "utf8"));
      const [diverged] = await client.diagnostics(uri);
      assert.equal(diverged?.code, "diverged-path");
      const titles = (await actionsAt(client, uri, diverged)).map(({ title }) => title.replace(/[: ].*/, ""));
      assert.deepEqual([...new Set(titles)], ["Copy", "Write", "Try", "Explain", "Ignore"]);
    } finally {
      client.dispose();
    }
  });
});

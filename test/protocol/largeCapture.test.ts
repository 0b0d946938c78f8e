import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type CaseView,
  caseMethod,
  changedMethod,
  type EventsResult,
  eventsMethod,
  type FixesResult,
  fixesMethod,
  openCaptureMethod,
  type PacketsResult,
  packetsMethod,
  type RecogniseResult,
  recogniseMethod,
  type TryFixResult,
  tryFixMethod,
  type WalkResult,
  walkMethod,
} from "../../server/src/lsp/protocol.js";
import { writeNode } from "../bench/capture/writeCapture.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

describe("a capture too large to be read as text", function () {
  this.timeout(120_000);
  let folder: string;
  let client: InProcessClient;
  let uri: string;
  let known: CaseView;

  function ask<T>(method: string, params: object): Promise<T> {
    return client.connection.sendRequest<T>(method, { uri, ...params });
  }

  /** Waits until nothing about the case is still on its way. */
  async function whole(): Promise<CaseView> {
    for (;;) {
      const changed = new Promise<void>((resolve) => client.connection.onNotification(changedMethod, () => resolve()));
      const view = await ask<CaseView>(caseMethod, {});
      if (view.packets.ok > 0 && !view.missing.some((sentence) => /is being read/.test(sentence))) return view;
      await changed;
    }
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pw-large-"));
    writeNode(folder, 26_000_000);
    client = await startClient();
    uri = pathToFileURL(join(folder, "monitor.log")).toString();
    await client.connection.sendRequest(openCaptureMethod, { uri });
    known = await whole();
  });
  after(() => {
    client.dispose();
    rmSync(folder, { recursive: true });
  });

  it("is recognised without a document", async () => {
    assert.equal(await client.connection.sendRequest<RecogniseResult>(recogniseMethod, { uri }), "cilium-monitor");
  });

  it("shows all its packets by number, those astray first", async () => {
    const { broken, ok, unknown } = known.packets;
    assert.ok(broken > 100, `${broken} broken`);
    const filter = { text: "", status: "all" };
    const { packets, total } = await ask<PacketsResult>(packetsMethod, { filter, count: 50 });
    assert.equal(total, broken + ok + unknown);
    assert.equal(packets.length, 50);
    assert.equal(packets[0]?.conversation, packets.find(({ status }) => status === "broken")?.conversation);
    const only = await ask<PacketsResult>(packetsMethod, { filter: { text: "", status: "broken" }, count: 20 });
    assert.equal(only.total, broken);
    assert.ok(only.packets.every(({ status }) => status === "broken"));
  });

  it("filters by what is said of packets", async () => {
    const filter = { text: "198.51.100.7 reply", status: "all" };
    const { packets, total } = await ask<PacketsResult>(packetsMethod, { filter, count: 10 });
    assert.ok(total > 0);
    for (const { title } of packets) assert.match(title, /198\.51\.100\.7/);
    const none = await ask<PacketsResult>(packetsMethod, {
      filter: { text: "203.0.113.256", status: "all" },
      count: 1,
    });
    assert.deepEqual(none, { packets: [], total: 0 });
  });

  it("walks a packet with evidence from the lines of the file, and with a fix", async () => {
    const filter = { text: "", status: "broken" };
    const { packets } = await ask<PacketsResult>(packetsMethod, { filter, count: 1 });
    const packet = packets[0]?.id;
    const { walk } = await ask<WalkResult>(walkMethod, { packet });
    const lines = readFileSync(join(folder, "monitor.log"), "utf8").split("\n");
    const logs = walk.hops.flatMap(({ evidence }) => evidence.filter(({ kind }) => kind === "log"));
    assert.ok(logs.length >= 2);
    const { events } = await ask<EventsResult>(eventsMethod, { packet });
    for (const { text, location } of events) assert.equal(lines[location.range.start.line], text);
    const listed = await ask<FixesResult>(fixesMethod, {});
    const fix = listed?.fixes[0];
    const tried = await ask<TryFixResult>(tryFixMethod, { fixId: fix?.id, packet });
    assert.equal(tried.packet, packet);
    const again = await ask<WalkResult>(walkMethod, { packet, fixId: fix?.id });
    assert.match(again.tried?.outcome ?? "", /Delivered/);
  });

  it("reports the rule, and the packets astray on their lines, no more than help", async () => {
    const rules = await client.diagnostics(pathToFileURL(join(folder, "node.txt")).toString());
    assert.deepEqual(
      rules.map(({ code }) => code),
      ["shadowing-rule"],
    );
    const found = await client.diagnostics(uri);
    assert.ok(found.length > 1 && found.length <= 501);
    const line = readFileSync(join(folder, "monitor.log"), "utf8").split("\n")[found[0]?.range.start.line ?? -1];
    assert.match(line ?? "", /"observationPoint":"to-network"/);
  });

  it("is read whole where packetwalk.memoryBudget is too small for its index", async () => {
    const bounded = await startClient(undefined, { memoryBudget: 1 });
    try {
      await bounded.connection.sendRequest(openCaptureMethod, { uri });
      for (;;) {
        const { missing, packets } = await bounded.connection.sendRequest<CaseView>(caseMethod, { uri });
        if (packets.ok > 0 && !missing.some((sentence) => /is being read/.test(sentence))) {
          assert.deepEqual([packets, missing], [known.packets, known.missing]);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      bounded.dispose();
    }
  });
});

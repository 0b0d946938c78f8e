import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import {
  type CaseView,
  caseMethod,
  openCaptureMethod,
  type RecogniseResult,
  recogniseMethod,
} from "../../server/src/lsp/protocol.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { madeText } from "../bench/capture/writeCapture.js";
import { zstdFrame } from "../generate/zstdFrame.js";
import { type InProcessClient, startClient } from "./inProcessClient.js";

describe("a packed capture", function () {
  this.timeout(60_000);
  let folder: string;
  let client: InProcessClient;
  const uriOf = (name: string) => pathToFileURL(join(folder, name)).toString();
  const caseOf = (name: string) => client.connection.sendRequest<CaseView>(caseMethod, { uri: uriOf(name) });

  /** Asks for a file and waits until it is read to its end. */
  async function openCapture(name: string): Promise<CaseView> {
    await client.connection.sendRequest(openCaptureMethod, { uri: uriOf(name) });
    for (;;) {
      const view = await caseOf(name);
      if (!view.missing.some((sentence) => /is being read/.test(sentence))) return view;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "pw-packed-"));
    const text = Buffer.concat([...madeText(2_000_000)]);
    writeFileSync(join(folder, "node.txt"), nodeDump);
    writeFileSync(join(folder, "monitor.log.gz"), gzipSync(text));
    mkdirSync(join(folder, "zstd"));
    writeFileSync(join(folder, "zstd", "node.txt"), nodeDump);
    writeFileSync(join(folder, "zstd", "monitor.log.zst"), zstdFrame(text));
    writeFileSync(join(folder, "zstd", "cut.log.zst"), zstdFrame(text).subarray(0, 1_000_000));
    writeFileSync(join(folder, "notes.gz"), gzipSync("# nothing of interest\n"));
    client = await startClient(undefined, undefined, { cacheFolder: join(folder, "cache") });
  });
  after(() => {
    client.dispose();
    rmSync(folder, { recursive: true });
  });

  it("is recognised by what is packed", async () => {
    const ask = (name: string) => client.connection.sendRequest<RecogniseResult>(recogniseMethod, { uri: uriOf(name) });
    assert.equal(await ask("monitor.log.gz"), "cilium-monitor");
    assert.equal(await ask("notes.gz"), null);
    assert.equal(await ask("zstd/monitor.log.zst"), "cilium-monitor");
  });

  it("is not unpacked unless somebody asks for it", async () => {
    await client.open(join(folder, "node.txt"));
    const { packets, missing } = await caseOf("node.txt");
    assert.deepEqual(packets, { broken: 0, ok: 0, unknown: 0 });
    assert.deepEqual(
      missing.filter((sentence) => /monitor\.log\.gz/.test(sentence)),
      ["monitor.log.gz is packed: “Packetwalk: Open Capture…” reads it."],
    );
  });

  it("is read when it is asked for", async () => {
    const { packets, mayHaveFixes } = await openCapture("monitor.log.gz");
    assert.ok(packets.ok > 500 && packets.broken > 3, JSON.stringify(packets));
    assert.ok(mayHaveFixes);
  });

  it("says the same packed with Zstandard as with gzip", async () => {
    const { packets } = await openCapture("zstd/monitor.log.zst");
    assert.deepEqual(packets, (await openCapture("monitor.log.gz")).packets);
  });

  it("is read as far as it goes where it breaks off", async () => {
    const { missing } = await openCapture("zstd/cut.log.zst");
    assert.ok(
      missing.some((sentence) => /^cut\.log\.zst/.test(sentence)),
      missing.join("\n"),
    );
  });

  it("is told of when it holds no capture", async () => {
    const { missing } = await openCapture("notes.gz");
    assert.ok(missing.includes("notes.gz does not begin like a capture. Nothing of it is shown."), missing.join("\n"));
  });
});

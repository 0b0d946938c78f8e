import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openPaths } from "../../server/src/cli/openPaths.js";
import { readPaths } from "../../server/src/cli/readPaths.js";
import { type CaseView, caseMethod, openCaptureMethod } from "../../server/src/lsp/protocol.js";
import { openCapture } from "../../server/src/node/capture/openCapture.js";
import { nodeRuntime } from "../../server/src/node/nodeRuntime.js";
import { madeText } from "../bench/capture/writeCapture.js";
import { asNobody, canBeForbidden } from "../generate/asNobody.js";
import { type InProcessClient, startClient } from "../protocol/inProcessClient.js";

describe("a file that this user may not read", function () {
  this.timeout(20_000);
  let folder: string;
  let dump: string;
  let log: string;
  let large: string;

  before(function () {
    if (!canBeForbidden) {
      console.log("      skipped: permissions are of another kind here");
      this.skip();
    }
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-forbidden-"));
    chmodSync(folder, 0o755);
    dump = join(folder, "node.txt");
    log = join(folder, "monitor.log");
    large = join(folder, "large.log");
    writeFileSync(dump, "$ ip rule\n0:\tfrom all lookup local\n32766:\tfrom all lookup main\n");
    writeFileSync(log, "secret");
    writeFileSync(large, Buffer.concat([...madeText(10_000_000)]));
    chmodSync(log, 0o000);
    chmodSync(large, 0o000);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is told of by the command, with its name", async () => {
    const message = /monitor\.log: .*(?:EACCES|permission denied)/i;
    await asNobody(async () => {
      await assert.rejects(readPaths([log]), message);
      await assert.rejects(openPaths([log]), message);
      await assert.rejects(openCapture(large), /EACCES/);
    });
  });

  it("leaves the others of its folder to the command", async () => {
    const outcome = await asNobody(() =>
      openPaths([folder]).then(
        ({ files }) => files.map(({ file }) => file),
        (error: Error) => error.message,
      ),
    );
    assert.match(String(outcome), /(?:monitor|large)\.log: .*EACCES|node\.txt/);
  });

  it("does not keep the server from reading what is beside it, which says so", async () => {
    await asNobody(async () => {
      const client: InProcessClient = await startClient();
      const uri = await client.open(dump);
      const ask = () => client.connection.sendRequest<CaseView>(caseMethod, { uri });
      const { missing } = await ask();
      for (const name of ["monitor.log", "large.log"]) {
        const told = missing.filter((sentence) => sentence.startsWith(name));
        assert.deepEqual(told.length, 1, missing.join("\n"));
        assert.match(told[0] ?? "", /this user may not read it/);
      }
      await client.connection.sendRequest(openCaptureMethod, { uri: pathToFileURL(large).toString() });
      assert.ok((await ask()).missing.some((sentence) => /^large\.log can't be read/.test(sentence)));
      client.dispose();
    });
  });

  it("is an empty folder, where it is a folder", async () => {
    const inner = join(folder, "inner");
    mkdirSync(inner, { mode: 0o000 });
    assert.deepEqual(await asNobody(() => nodeRuntime.listFolder(pathToFileURL(inner).toString())), []);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hover } from "vscode-languageserver/node";
import { startClient } from "./inProcessClient.js";

const drop = '{"cpu":"CPU 01:","type":"drop","reason":"Policy denied","File":105,"Line":1328}';

describe("the setting packetwalk.ciliumVersion", () => {
  it("decides what a number means that versions use differently, as soon as it is set", async () => {
    const settings: Record<string, unknown> = {};
    const client = await startClient(undefined, settings);
    try {
      const uri = await client.open("untitled:drop", drop);
      const position = { line: 0, character: drop.indexOf("105") };
      const said = async () => {
        const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
          textDocument: { uri },
          position,
        });
        return hover && typeof hover.contents === "object" && "value" in hover.contents ? hover.contents.value : "";
      };
      const change = async (ciliumVersion: unknown) => {
        settings.ciliumVersion = ciliumVersion;
        await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
      };
      /** The new setting is asked for and applied after the notification: hovers tell when. */
      const until = async (words: string) => {
        for (let round = 0; round < 100; round++) {
          if ((await said()).includes(words)) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        assert.fail(`it never says "${words}", but:\n${await said()}`);
      };

      await until("lb.h or nodeport.h");
      await change("1.18.3");
      await until("decided in nodeport.h");
      await change("1.19");
      await until("decided in lb.h");
      await change("nonsense");
      await until("lb.h or nodeport.h");
    } finally {
      client.dispose();
    }
  });
});

describe("the version that a text beside a capture states", () => {
  it("decides what a number means that versions use differently", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pw-version-"));
    const file = join(folder, "monitor.log");
    writeFileSync(file, drop);
    writeFileSync(
      join(folder, "status.txt"),
      "Client: 1.18.3 a368c8f0 2025-10-14T22:16:57+00:00 go version go1.24.6 linux/amd64\nDaemon: 1.18.3 a368c8f0 2025-10-14T22:16:57+00:00 go version go1.24.6 linux/amd64\n",
    );
    const client = await startClient();
    try {
      const uri = await client.open(file);
      await client.diagnostics(uri);
      const hover = await client.connection.sendRequest<Hover | null>("textDocument/hover", {
        textDocument: { uri },
        position: { line: 0, character: drop.indexOf("105") },
      });
      assert.match(JSON.stringify(hover?.contents), /decided in nodeport\.h/);
    } finally {
      client.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});

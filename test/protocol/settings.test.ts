import assert from "node:assert/strict";
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

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Change } from "../../../server/src/core/fixes/change.js";
import { persistentForms } from "../../../server/src/core/fixes/persistentForms.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";

const assignment = /^sysctl -w (\S+)=(\d+)$/;

/** The change that a command makes. */
function changeOf(command: string): Change {
  const [, key, value] = assignment.exec(command) ?? [];
  if (key !== undefined && value !== undefined) return { type: "set-sysctl", key, value, before: "0" };
  const [section] = readTranscript("script", `$ ${command}\n`).sections;
  if (section?.kind === "change" && section.rule) return { type: "add-rule", rule: section.rule };
  if (section?.kind === "change" && section.route) return { type: "add-route", route: section.route };
  throw new Error(`${command}: no change`);
}

describe("lasting forms", () => {
  const cases = readFileSync(resolve("test/fixtures/fixes/persistent.txt"), "utf8").split(/^=== /m).slice(1);
  for (const drawn of cases) {
    const [head = "", ...systems] = drawn.trimEnd().split(/^--- /m);
    const [title = "", ...commands] = head.trimEnd().split("\n");
    it(title, () => {
      const changes = commands.map((line) => changeOf(line.replace(/^### /, "")));
      const wanted = systems.map((text): [string, string] => {
        const [system = "", ...lines] = text.trimEnd().split("\n");
        return [system, lines.join("\n")];
      });
      assert.deepEqual(persistentForms(mergeNode("node", []), changes), Object.fromEntries(wanted));
    });
  }
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { buildCase } from "../../../server/src/core/case/case.js";
import { readFile } from "../../../server/src/core/case/readFile.js";
import { explainPacket } from "../../../server/src/core/explain/packet/explainPacket.js";

/** The cases of test/fixtures/path/outcomes.txt. */
const cases = readFileSync(resolve("test/fixtures/path/outcomes.txt"), "utf8")
  .split(/^=== /m)
  .slice(1)
  .map((section) => {
    const [title = "", ...lines] = section.trim().split("\n");
    const marked = (mark: string) => lines.flatMap((line) => (line.startsWith(mark) ? [line.slice(mark.length)] : []));
    const events = lines.filter((line) => line !== "" && !line.startsWith("d| ") && !line.startsWith("=> "));
    return { title, dump: marked("d| "), events, expected: marked("=> ") };
  });

describe("outcomes", () => {
  for (const { title, dump, events, expected } of cases) {
    it(title, () => {
      const files = [
        { file: "monitor.log", text: `${events.join("\n")}\n` },
        ...(dump.length > 0 ? [{ file: "node.txt", text: `${dump.join("\n")}\n` }] : []),
      ];
      const traces = buildCase(files.map(readFile)).nodes.flatMap((node) => node.traces);
      const said = traces.map((trace) => explainPacket(trace)).map(({ status, outcome }) => `${status}: ${outcome}`);
      assert.deepEqual(said, expected);
    });
  }
});

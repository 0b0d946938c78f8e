import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";
import { outlineState } from "./outline.js";

/** The cases of the drawing: name, files, and the outline of what they merge to. */
function drawnCases() {
  const drawing = readFileSync(join("test", "fixtures", "state", "merge.txt"), "utf8").replaceAll("→", "\t");
  return drawing
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^>>>\n/m);
      const [name = "", ...files] = head.split(/^--- /m);
      return { name: name.trim(), files: files.map((file) => file.split(/\n(.*)/s)), expected: expected.trimEnd() };
    });
}

describe("Dumps merged to a node", () => {
  for (const { name, files, expected } of drawnCases()) {
    it(name, () => {
      const transcripts = files.map(([file = "", text = ""]) => readTranscript(file, text));
      assert.equal(outlineState(mergeNode("node", transcripts)), expected);
    });
  }

  it("knows nothing of a host without dumps", () => {
    const { families, links, files, problems } = mergeNode("node", []);
    assert.equal(families[4].rules, undefined);
    assert.deepEqual([...families[4].tables.keys()], [255]);
    assert.deepEqual([links.size, files.length, problems.length], [0, 0, 0]);
  });
});

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { analyse } from "../../server/src/core/analyse.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { statusOf } from "../../server/src/core/explain/packet/explainPacket.js";
import { analyseLargeCase, openLargeCase, packetsWithStatus } from "../../server/src/core/large/largeCase.js";
import { openCapture } from "../../server/src/node/capture/openCapture.js";
import { type CaptureRecipe, usualRecipe } from "../bench/capture/madeCapture.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { writeCapture } from "../bench/capture/writeCapture.js";

const recipes: Readonly<Record<string, CaptureRecipe>> = {
  usual: usualRecipe,
  "many packets astray, many dropped": { ...usualRecipe, seed: 2, astray: 0.4, dropped: 0.3 },
  "many other lines": { ...usualRecipe, seed: 3, others: 0.4 },
  "lost events": { ...usualRecipe, seed: 4, losses: true, others: 0.05 },
};

describe("a capture that is too large to be read whole", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-large-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [name, recipe] of Object.entries(recipes)) {
    describe(name, () => {
      it("has the same packets with the same ends, and the same findings, as when read whole", async () => {
        const path = join(folder, "monitor.log");
        writeCapture(path, 3e6, recipe);
        const dump = readFile({ file: join(folder, "node.txt"), text: nodeDump });
        const whole = analyse([dump, readFile({ file: path, text: readFileSync(path, "latin1") })]);
        const traces = whole.nodes.flatMap(({ node }) => node.traces);

        const capture = await openCapture(path);
        const large = openLargeCase({ files: [dump], captures: [capture], order: [dump.file, path] });
        const [indexed] = large.captures;
        assert.ok(indexed);
        assert.equal(indexed.joined.count, traces.length);
        for (const status of ["broken", "ok", "unknown"] as const) {
          assert.deepEqual(
            packetsWithStatus(indexed, status),
            traces.filter((trace) => statusOf(trace) === status).map(({ packet }) => packet.number - 1),
            status,
          );
        }
        assert.ok(packetsWithStatus(indexed, "broken").length > 10);
        assert.ok(indexed.classes.representatives.length < traces.length / 10);

        const part = analyseLargeCase(large);
        const messages = (nodes: typeof whole.nodes): string[] =>
          nodes.flatMap(({ findings }) => findings.map(({ finding }) => `${finding.code}: ${finding.message}`));
        assert.deepEqual(messages(part.analysis.nodes), messages(whole.nodes));
        capture.close();
      });
    });
  }
});

import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNames } from "../../server/src/core/capture/columns/names.js";
import type { ScannedCapture } from "../../server/src/core/scan/captureScanner.js";
import { finishScan } from "../../server/src/core/scan/mergeScans.js";
import { scanFile } from "../../server/src/node/capture/scanFile.js";
import { scanPart } from "../../server/src/node/capture/scanPart.js";
import { textSource } from "../../server/src/node/capture/textSource.js";
import { compiledScanner } from "../../server/src/scanner/compiledScanner.js";
import { usualRecipe } from "../bench/capture/madeCapture.js";
import { writeCapture } from "../bench/capture/writeCapture.js";
import { rowTexts } from "../core/scan/rowTexts.js";

/** All that was read, with names in the place of their numbers; marks stand elsewhere when parts are cut elsewhere. */
function contents({ columns, names, others, problems, problemCount, events, lines }: ScannedCapture) {
  return { rows: rowTexts(columns, names), losses: columns.losses, others, problems, problemCount, events, lines };
}

/** Each kind of file: a little over what one thread reads at once, so that several share it. */
const files: Readonly<Record<string, (path: string) => void>> = {
  "usual lines": (path) => writeCapture(path, 14e6, { ...usualRecipe, seed: 41, losses: true }),
  "usual lines and many others": (path) =>
    writeCapture(path, 10e6, { ...usualRecipe, seed: 42, others: 0.7, losses: true }),
  "text only": (path) => {
    const line = (index: number): string =>
      `-> network flow 0x${index.toString(16)} , identity 12345->world state new ifindex eth0 orig-ip 0.0.0.0: 10.0.0.${index % 200}:4000${index % 10} -> 192.0.2.9:443 tcp SYN\n`;
    writeFileSync(path, Array.from({ length: 80_000 }, (_, index) => line(index)).join(""));
  },
};

describe("scanning a file by several threads", function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-scan-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, write] of Object.entries(files)) {
    it(`gives what one gives, of ${name}`, async () => {
      const path = join(folder, "monitor.log");
      write(path);
      const { size } = statSync(path);
      assert.ok(size > 9e6);
      const names = createNames();
      const descriptor = openSync(path, "r");
      const lines = scanPart({ descriptor, file: path, from: 0, to: size, size }, compiledScanner(names), () => {});
      closeSync(descriptor);
      const whole = contents(finishScan(lines, names, textSource(path)));
      const text = readFileSync(path, "latin1");
      for (const workers of [1, 3]) {
        const scanned = await scanFile(path, { workers });
        assert.deepEqual(contents(scanned), whole, `${workers} threads`);
        let at = 0;
        let passed = 0;
        for (const { offset, line } of scanned.marks) {
          passed += text.slice(at, offset).split("\n").length - 1;
          at = offset;
          assert.equal(line, passed);
        }
      }
    });
  }
});

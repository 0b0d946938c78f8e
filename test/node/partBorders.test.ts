import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNames } from "../../server/src/core/capture/columns/names.js";
import type { ScannedCapture } from "../../server/src/core/scan/captureScanner.js";
import { scanMerger } from "../../server/src/core/scan/scanMerger.js";
import { namesSince } from "../../server/src/node/capture/namesSince.js";
import { scanPart } from "../../server/src/node/capture/scanPart.js";
import { textSource } from "../../server/src/node/capture/textSource.js";
import { compiledScanner } from "../../server/src/scanner/compiledScanner.js";
import { madeLines, usualRecipe } from "../bench/capture/madeCapture.js";
import { rowTexts } from "../core/scan/rowTexts.js";

/** All that was read, with names in the place of their numbers. Marks stand elsewhere when parts are cut elsewhere. */
function contents({ columns, names, others, problems, problemCount, events, lines }: ScannedCapture) {
  return { rows: rowTexts(columns, names), losses: columns.losses, others, problems, problemCount, events, lines };
}

/** A small capture with lines of every kind, also some that end otherwise than most, and a message over several lines. */
function smallCapture(): string {
  const lines: string[] = [];
  for (const line of madeLines({ ...usualRecipe, seed: 12, others: 0.8, losses: true })) {
    lines.push(line);
    if (lines.length === 24) break;
  }
  const [first = "", second = "", ...rest] = lines;
  const wrapped = `${first.slice(0, 200)}\n${first.slice(200)}`;
  return [wrapped, `${second}\r`, "", "# a remark", ...rest, '{"cpu":"CPU 01:","type":"tra', first].join("\n");
}

describe("parts of a file", function () {
  this.timeout(120_000);

  it("give together what the whole gives, wherever it is cut", () => {
    const folder = mkdtempSync(join(tmpdir(), "packetwalk-borders-"));
    const file = join(folder, "monitor.log");
    const text = smallCapture();
    writeFileSync(file, text);
    const descriptor = openSync(file, "r");
    const size = Buffer.byteLength(text);
    const source = textSource(file);
    // The parts of a cut are read by two scanners, as by two threads. They go on for all cuts, which makes no difference but that of speed.
    const tables = [createNames(), createNames()];
    const scanners = tables.map(compiledScanner);

    function scan(...cuts: number[]): ScannedCapture {
      const merger = scanMerger();
      [0, ...cuts].forEach((from, index) => {
        const [table, usual] = [tables[index % 2], scanners[index % 2]];
        if (!table || !usual) return;
        const lines = scanPart({ descriptor, file, from, to: cuts[index] ?? size, size }, usual, () => {});
        merger.addLines({ ...lines, scanner: index, newNames: namesSince(table, 0) }, source);
      });
      return merger.finish();
    }

    try {
      const whole = contents(scan());
      assert.ok(whole.rows.length > 5 && whole.others.length > 5 && whole.problems.length > 0);
      for (let cut = 0; cut <= size; cut++) assert.deepEqual(contents(scan(cut)), whole, `cut at ${cut}`);
      for (let cut = 0; cut + 700 <= size; cut += 97) {
        assert.deepEqual(contents(scan(cut, cut + 5, cut + 700)), whole, `cut at ${cut}, and twice behind it`);
      }
    } finally {
      closeSync(descriptor);
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

import assert from "node:assert/strict";
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { check } from "../../server/src/cli/commands/check.js";
import { openPaths } from "../../server/src/cli/openPaths.js";
import { columnNames } from "../../server/src/core/capture/columns/columnsBuilder.js";
import { createNames } from "../../server/src/core/capture/columns/names.js";
import type { IndexedCapture } from "../../server/src/core/large/indexedCapture.js";
import type { ScannedCapture } from "../../server/src/core/scan/captureScanner.js";
import { finishScan } from "../../server/src/core/scan/mergeScans.js";
import { followCapture } from "../../server/src/node/capture/followCapture.js";
import { openCapture } from "../../server/src/node/capture/openCapture.js";
import { scanFile } from "../../server/src/node/capture/scanFile.js";
import { scanPart } from "../../server/src/node/capture/scanPart.js";
import { textSource } from "../../server/src/node/capture/textSource.js";
import { compiledScanner } from "../../server/src/scanner/compiledScanner.js";
import { usualRecipe } from "../bench/capture/madeCapture.js";
import { madeText, writeCapture } from "../bench/capture/writeCapture.js";

/** All that an index says, with names in the place of their numbers. */
function contents({ columns, names, lines, events, problemCount }: Omit<ScannedCapture, "marks">): string {
  const rows = Array.from({ length: columns.length }, (_, row) =>
    [
      ...columnNames.map((name) =>
        name === "detail" || /mac|device|reason|src$|dst$/i.test(name) ? 0 : columns[name][row],
      ),
      names.text(columns.src[row] ?? 0),
      names.text(columns.dst[row] ?? 0),
      names.text(columns.device[row] ?? 0),
      names.text(columns.dstMac[row] ?? 0),
      names.text(columns.reason[row] ?? 0),
    ].join(),
  );
  return [lines, events, problemCount, ...columns.losses.map(({ row, count }) => `${row} ${count}`), ...rows].join(
    "\n",
  );
}

/** What an index says of the rows of a capture that is in memory, and beside them. */
function contentsOf({ scanned, segments }: IndexedCapture): ScannedCapture {
  return { ...scanned, columns: segments.at(0).columns };
}

describe("opening large captures", function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-open-"));
    path = join(folder, "monitor.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("gives with several workers what one thread gives", async () => {
    const size = writeCapture(path, 41e6, { ...usualRecipe, seed: 31, losses: true });
    const descriptor = openSync(path, "r");
    const names = createNames();
    const lines = scanPart({ descriptor, file: path, from: 0, to: size, size }, compiledScanner(names), () => {});
    const whole = finishScan(lines, names, textSource(path));
    closeSync(descriptor);
    let first = 0;
    let read = 0;
    const scanned = await scanFile(path, {
      workers: 2,
      onFirst: ({ columns }) => {
        first = columns.length;
      },
      onProgress: (bytes) => {
        read = bytes;
      },
    });
    assert.ok(first > 500 && first < 3000, `${first} rows first`);
    assert.equal(read, size);
    assert.ok(contents(scanned) === contents(whole), "the same rows");
  });

  it("stops when it is told to", async () => {
    writeCapture(path, 41e6);
    const controller = new AbortController();
    const scan = scanFile(path, { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) });
    await assert.rejects(scan, /enough/);
  });

  it("follows a file that grows, also from within a line, and reads only what was appended", async () => {
    const text = Buffer.concat([...madeText(3e6, { ...usualRecipe, losses: true })]);
    const cut = text.indexOf("\n", 2e6) + 300;
    writeFileSync(path, text.subarray(0, cut));
    const before = await openCapture(path);
    assert.equal((await followCapture(path, before)).type, "same");
    appendFileSync(path, text.subarray(cut));
    let from = 0;
    const change = await followCapture(path, before, {
      onProgress: (read) => {
        from ||= read;
      },
    });
    assert.equal(change.type, "grown");
    assert.ok(change.type === "grown");
    assert.ok(from > 2e6);
    writeFileSync(join(folder, "whole.log"), text);
    const whole = await openCapture(join(folder, "whole.log"));
    assert.ok(contents(contentsOf(change.capture)) === contents(contentsOf(whole)), "the same rows as read at once");
    assert.equal(change.capture.joined.count, whole.joined.count);
    assert.deepEqual(change.capture.lineAt(2_500_000), whole.lineAt(2_500_000));
  });

  it("notices truncation, rotation and deletion", async () => {
    writeCapture(path, 1e6);
    const capture = await openCapture(path);
    const descriptor = openSync(path, "r+");
    ftruncateSync(descriptor, 1000);
    closeSync(descriptor);
    assert.equal((await followCapture(path, capture)).type, "replaced");
    renameSync(path, `${path}.1`);
    writeCapture(path, 3e6, { ...usualRecipe, seed: 5 });
    assert.equal((await followCapture(path, capture)).type, "replaced");
    rmSync(path);
    assert.equal((await followCapture(path, capture)).type, "gone");
  });

  it("passes over a line of more than 64 MB and says so", async () => {
    const [line = ""] = String([...madeText(3000)][0]).split("\n");
    writeFileSync(path, `${line}\n{"cpu":"`);
    for (let index = 0; index < 70; index++) appendFileSync(path, Buffer.alloc(1 << 20, "x"));
    appendFileSync(path, `\n${line}\n`);
    const { columns, problems } = await scanFile(path);
    assert.equal(columns.length, 2);
    assert.deepEqual(
      problems.map(({ message }) => message),
      ["This line is longer than 64 MB. Nothing of it is used."],
    );
  });

  it("reads around NUL bytes and malformed UTF-8", async () => {
    const [line = ""] = String([...madeText(3000)][0]).split("\n");
    const junk = Buffer.from([0, 0, 0xff, 0xfe, 0xc3, 0x28, 0, 0x0a]);
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(`${line}\n`), junk, Buffer.alloc(5_000_000), Buffer.from(`\n${line}\n`)]),
    );
    const { columns } = await scanFile(path);
    assert.equal(columns.length, 2);
  });

  it("uses what it has of a file that becomes shorter while it is read", () => {
    const size = writeCapture(path, 9e6);
    const descriptor = openSync(path, "r+");
    const scanned = scanPart({ descriptor, file: path, from: 0, to: size, size }, compiledScanner(createNames()), () =>
      ftruncateSync(descriptor, 4_500_000),
    );
    closeSync(descriptor);
    assert.ok(scanned.columns.length > 3000);
    assert.match(scanned.problems.map(({ message }) => message).join(), /became shorter/);
  });

  it("says which file can't be opened", async () => {
    await assert.rejects(openPaths([join(folder, "nothing.log")]), /nothing\.log: no such file or folder/);
    await assert.rejects(scanFile(join(folder, "nothing.log")), /ENOENT/);
    await assert.rejects(scanFile(folder), /EISDIR/);
  });

  it("reads packed captures, and of a broken one what comes before the break", async () => {
    const text = Buffer.concat([...madeText(1e6)]);
    writeFileSync(join(folder, "monitor.log.gz"), gzipSync(text));
    const read = async (): Promise<number> => {
      const { captures, close } = await openPaths([join(folder, "monitor.log.gz")], {
        largeFrom: 1000,
        warn: (message) => said.push(message),
      });
      await close();
      return captures[0]?.scanned.lines ?? 0;
    };
    const said: string[] = [];
    assert.equal(await read(), String(text).split("\n").length - 1);
    assert.deepEqual(said, []);
    const packed = gzipSync(text);
    writeFileSync(join(folder, "monitor.log.gz"), packed.subarray(0, packed.length / 2));
    assert.ok((await read()) > 100);
    assert.match(said.join(), /monitor\.log\.gz: unexpected end of file; what comes before is used/);
  });

  it("check reads a packed capture as it reads a plain one", async () => {
    const text = Buffer.concat([...madeText(600_000)]);
    writeFileSync(path, text);
    writeFileSync(join(folder, "packed.log.gz"), gzipSync(text));
    const run = async (file: string): Promise<string> => {
      const lines: string[] = [];
      await check([file], { format: "text", failOn: "never", level: {} }, "1", (line) => lines.push(line));
      return lines.join("\n").replaceAll(file, "FILE");
    };
    assert.equal(await run(join(folder, "packed.log.gz")), await run(path));
  });

  it("does not wait for the end of a file that is written to meanwhile", async () => {
    const size = writeCapture(path, 1e6);
    const descriptor = openSync(path, "a");
    const scan = await scanFile(path, { onProgress: () => writeSync(descriptor, "# more\n") });
    closeSync(descriptor);
    assert.ok(scan.columns.start.every((start) => start < size));
  });
});

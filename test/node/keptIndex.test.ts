import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnNames } from "../../server/src/core/capture/columns/columnsBuilder.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { type LargeCapture, openLargeCase, packetsWithStatus } from "../../server/src/core/large/largeCase.js";
import { type OpenedCapture, openCapture } from "../../server/src/node/capture/openCapture.js";
import { usualRecipe } from "../bench/capture/madeCapture.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { madeText, writeCapture } from "../bench/capture/writeCapture.js";
import { packetLines } from "../core/large/joinedInSegments.js";

/** All that an index says, as values. */
function valuesOf({ scanned, segments, joined, losses, conversations, evidence, others }: OpenedCapture): unknown {
  const { names, ...rest } = scanned;
  const { count, conversation, conversationCount, direction, directionKnown, carriedBy, causedBy, mayGoOnAs } = joined;
  return {
    segments: segments.spans.map((span, index) => {
      const { columns, ...beside } = segments.at(index);
      const { length, rare } = columns;
      const values = columnNames.map((name) => [name, [...columns[name].subarray(0, length)]]);
      return { span, values, length, rare, losses: columns.losses, ...beside };
    }),
    names: Array.from({ length: names.size }, (_, index) => [names.text(index), names.address(index)]),
    scanned: rest,
    losses,
    joined: { count, conversation, conversationCount, direction, directionKnown, carriedBy, causedBy, mayGoOnAs },
    conversations: { ...conversations },
    evidence,
    others,
  };
}

/** The same without the numbers of names, which depend on what was read together. */
function contentsOf({ scanned, segments, joined, losses, evidence, others }: OpenedCapture): unknown {
  const { names, events, lines, problemCount, problems } = scanned;
  const { columns } = segments.at(0);
  const addresses = Array.from(columns.src, (name, row) => `${names.text(name)} ${names.text(columns.dst[row] ?? 0)}`);
  const packets = packetLines([segments.at(0)], joined);
  return { packets, addresses, losses, places: evidence.places, others, events, lines, problemCount, problems };
}

describe("an index that is kept for the next time", function () {
  this.timeout(120_000);
  let folder: string;
  let path: string;
  let cacheFolder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-kept-"));
    path = join(folder, "monitor.log");
    cacheFolder = join(folder, "cache");
    writeCapture(path, 600_000, { ...usualRecipe, seed: 41, losses: true, others: 0.1 });
    appendFileSync(path, '{"cpu":"CPU 01:","type":"trace","mark":\n# a comment\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Opens the capture, and waits until its index is kept. */
  async function open(): Promise<{ readonly capture: OpenedCapture; readonly wasScanned: boolean; said: string }> {
    let wasScanned = false;
    let said = "";
    const capture = await openCapture(path, {
      cacheFolder,
      onProgress: () => {
        wasScanned = true;
      },
      onCacheProblem: (message) => {
        said += message;
      },
    });
    await capture.kept;
    return { capture, wasScanned, said };
  }

  function keptFile(ending: string): string {
    const name = readdirSync(cacheFolder).find((each) => each.endsWith(ending));
    assert.ok(name, `a file .${ending}`);
    return join(cacheFolder, name);
  }

  it("says what was scanned, and makes the same lines of it", async () => {
    const first = await open();
    assert.ok(first.wasScanned);
    const second = await open();
    assert.ok(!second.wasScanned);
    assert.deepEqual(valuesOf(second.capture), valuesOf(first.capture));
    const places = first.capture.others?.places;
    assert.equal(second.capture.excerpt([0, 5], places).text, first.capture.excerpt([0, 5], places).text);
    assert.ok(first.capture.scanned.problems.length > 0);
    second.capture.close();
    second.capture.close();
  });

  it("is not used once the file is another", async () => {
    await open();
    appendFileSync(path, "# one line more\n");
    assert.ok((await open()).wasScanned);
    assert.ok(!(await open()).wasScanned);
  });

  it("is gone on from when the file grew, and only what was appended is read", async () => {
    const { size } = statSync(path);
    const text = Buffer.concat([...madeText(300_000, { ...usualRecipe, seed: 42, others: 0.1 })]);
    await open();
    appendFileSync(path, text);
    let from = 0;
    const grown = await openCapture(path, {
      cacheFolder,
      onProgress: (read) => {
        from ||= read;
      },
    });
    await grown.kept;
    assert.ok(from > size, `read up to ${from} of ${size} first`);
    const whole = await openCapture(path);
    assert.deepEqual(contentsOf(grown), contentsOf(whole));
    const again = await open();
    assert.ok(!again.wasScanned);
    assert.deepEqual(valuesOf(again.capture), valuesOf(grown));
  });

  it("is not gone on from when another file is longer", async () => {
    await open();
    const text = readFileSync(path);
    // Where its samples are.
    for (const at of [100, Math.floor(text.length / 2) + 100, text.length - 100]) {
      const other = Buffer.concat([text, text]);
      other[at] = (other[at] ?? 0) ^ 1;
      writeFileSync(path, other);
      const { capture } = await open();
      const whole = await openCapture(path);
      assert.deepEqual(contentsOf(capture), contentsOf(whole));
      writeFileSync(path, text);
      await open();
    }
  });

  it("is not used when it was cut, wherever that was", async () => {
    const { capture } = await open();
    for (const kept of [0, 1, 15, 16, 100, 3000, 0.5, 0.8, -16]) {
      const { size } = statSync(keptFile("index"));
      const length = kept < 0 ? size + kept : kept < 1 ? Math.floor(size * kept) : kept;
      truncateSync(keptFile("index"), length);
      const again = await open();
      assert.ok(again.wasScanned, `cut to ${length} of ${size} bytes`);
      assert.equal(again.capture.joined.count, capture.joined.count);
    }
  });

  it("is not used when a bit of it was flipped", async () => {
    const { capture } = await open();
    const whole = readFileSync(keptFile("index"));
    const everyPart = Array.from({ length: 60 }, (_, index) => Math.floor((whole.length - 16) * (index / 59)));
    for (const at of [...everyPart, 4, 8, 12, 17, 40]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      writeFileSync(keptFile("index"), damaged);
      const again = await open();
      // Between sections lie up to seven bytes that are nothing.
      if (!again.wasScanned)
        assert.deepEqual(valuesOf(again.capture), valuesOf(capture), `byte ${at} counts for nothing`);
    }
  });

  it("is not used when it is none, or of another version", async () => {
    await open();
    const whole = readFileSync(keptFile("index"));
    const older = Buffer.from(whole.toString("latin1").replace(/packetwalk-index \d+/, "packetwalk-index 1"), "latin1");
    for (const contents of [
      older,
      Buffer.from("packetwalk-index 1 600000\n"),
      Buffer.alloc(5000),
      readFileSync(path),
    ]) {
      writeFileSync(keptFile("index"), contents);
      assert.ok((await open()).wasScanned);
    }
  });

  it("keeps how the packets ended, until a dump beside it is another", async () => {
    const classify = async (dump: string): Promise<{ readonly large: LargeCapture; readonly isKept: boolean }> => {
      const { capture } = await open();
      const { classStore } = capture;
      assert.ok(classStore);
      let keeping: Promise<void> | undefined;
      const keep: typeof classStore.keep = (...kept) => {
        keeping = classStore.keep(...kept);
        return keeping;
      };
      const watched = { ...capture, classStore: { ...classStore, keep } };
      const dumps = readFile({ file: join(folder, "node.txt"), text: dump });
      const {
        captures: [large],
      } = openLargeCase({ files: [dumps], captures: [watched], order: [dumps.file, path] });
      assert.ok(large);
      await keeping;
      return { large, isKept: keeping === undefined };
    };
    const first = await classify(nodeDump);
    assert.ok(!first.isKept);
    assert.ok(packetsWithStatus(first.large, "broken").length > 0);
    const second = await classify(nodeDump);
    assert.ok(second.isKept);
    assert.deepEqual(second.large.classes.classOf, first.large.classes.classOf);
    assert.deepEqual(second.large.classes.representatives, first.large.classes.representatives);
    assert.deepEqual(second.large.statuses, first.large.statuses);
    const repaired = nodeDump.replace(/^32760: .*\n/m, "");
    const third = await classify(repaired);
    assert.ok(!third.isKept);
    const bytes = readFileSync(keptFile("classes"));
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    writeFileSync(keptFile("classes"), bytes);
    const fourth = await classify(repaired);
    assert.ok(!fourth.isKept);
    assert.deepEqual(fourth.large.statuses, third.large.statuses);
  });

  it("says why it can't be kept, and goes on", async () => {
    writeFileSync(cacheFolder, "a file in its place");
    const { capture, said } = await open();
    assert.ok(capture.joined.count > 50);
    assert.match(said, /the index could not be kept: E(?:NOTDIR|EXIST)/);
  });

  it("says that the disk is full, and leaves nothing behind", function () {
    mkdirSync(cacheFolder);
    const script = `
      import { readdirSync } from "node:fs";
      import { openCapture } from ${JSON.stringify(new URL("../../server/src/node/capture/openCapture.js", import.meta.url).href)};
      const capture = await openCapture(${JSON.stringify(path)}, { cacheFolder: ${JSON.stringify(cacheFolder)}, onCacheProblem: (message) => console.log(message) });
      await capture.kept;
      console.log(capture.joined.count > 50, readdirSync(${JSON.stringify(cacheFolder)}).length);`;
    // A file system of 32 KB, in a mount namespace of its own.
    const mounted = 'mount -t tmpfs -o size=32k tmpfs "$1" && exec "$2" --input-type=module -e "$3"';
    const { status, stdout } = spawnSync(
      "unshare",
      ["-rm", "sh", "-c", mounted, "sh", cacheFolder, process.execPath, script],
      { encoding: "utf8" },
    );
    if (status !== 0) return this.skip();
    assert.match(stdout, /the index could not be kept: ENOSPC.*\ntrue 0\n/);
  });
});

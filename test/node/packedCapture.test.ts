import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import zlib from "node:zlib";
import { openCapture } from "../../server/src/node/capture/openCapture.js";
import { nodeRuntime } from "../../server/src/node/nodeRuntime.js";
import { madeText } from "../bench/capture/writeCapture.js";

type Options = Parameters<NonNullable<typeof nodeRuntime.openCapture>>[1];

describe("a packed capture in the editor", function () {
  this.timeout(60_000);
  const text = Buffer.concat([...madeText(2e6)]);
  let folder: string;
  let cacheFolder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "packetwalk-packed-"));
    cacheFolder = join(folder, "cache");
    path = join(folder, "monitor.log.gz");
    writeFileSync(path, zlib.gzipSync(text));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function open(file: string, options: Partial<Options> = {}) {
    const uri = pathToFileURL(file).toString();
    const { signal } = new AbortController();
    return nodeRuntime.openCapture?.(uri, {
      onProgress: () => {},
      onFirst: (first) => first.close(),
      signal,
      ...options,
    });
  }

  /** As many files as the cache holds, by their endings. */
  function kept(ending: string): string[] {
    return readdirSync(cacheFolder).filter((name) => name.endsWith(ending));
  }

  it("is what the plain one is, and is known by its own name", async () => {
    writeFileSync(join(folder, "plain.log"), text);
    const plain = await openCapture(join(folder, "plain.log"));
    const packed = await open(path);
    assert.ok(packed);
    assert.equal(packed.file, pathToFileURL(path).toString());
    assert.deepEqual(packed.joined, plain.joined);
    assert.equal(packed.excerpt([3, 4]).text, plain.excerpt([3, 4]).text);
    assert.deepEqual(packed.lineAt(1_000_000), plain.lineAt(1_000_000));
    assert.equal(packed.unread, undefined);
    packed.close();
    plain.close();
  });

  it("is recognised by what is packed in it", async () => {
    const head = await nodeRuntime.readText(pathToFileURL(path).toString(), 5000);
    assert.equal(head, text.toString("utf8", 0, 5000));
    const short = join(folder, "short.gz");
    writeFileSync(short, zlib.gzipSync("one line\n"));
    assert.equal(await nodeRuntime.readText(pathToFileURL(short).toString(), 5000), "one line\n");
    assert.equal(await nodeRuntime.readText(pathToFileURL(join(folder, "none")).toString(), 10), undefined);
  });

  it("is unpacked once", async () => {
    const first = await open(path, { cacheFolder });
    const [name = ""] = kept(".unpacked");
    const { mtimeMs } = statSync(join(cacheFolder, name));
    const fractions: number[] = [];
    const second = await open(path, { cacheFolder, onProgress: (read, size) => fractions.push(read / size) });
    assert.deepEqual(second?.joined.count, first?.joined.count);
    assert.deepEqual(kept(".unpacked"), [name]);
    assert.equal(statSync(join(cacheFolder, name)).mtimeMs, mtimeMs);
    writeFileSync(path, zlib.gzipSync(text.subarray(0, text.indexOf("\n", 500_000) + 1)));
    const third = await open(path, { cacheFolder });
    assert.ok((third?.joined.count ?? 0) < (first?.joined.count ?? 0) / 2);
    first?.close();
    second?.close();
    third?.close();
  });

  it("tells how far it is, and leaves nothing behind when it is stopped", async () => {
    const fractions: number[] = [];
    const capture = await open(path, { onProgress: (read, size) => fractions.push(read / size) });
    capture?.close();
    assert.ok(fractions.some((fraction) => fraction > 0 && fraction <= 0.5));
    assert.equal(fractions.at(-1), 1);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("enough"));
    await assert.rejects(async () => open(path, { cacheFolder, signal: stop.signal, onProgress }), /enough|abort/i);
    assert.deepEqual(kept(""), []);
  });

  it("is read up to where it is broken, and says so", async () => {
    const packed = readFileSync(path);
    writeFileSync(path, packed.subarray(0, packed.length / 2));
    const capture = await open(path, { cacheFolder });
    assert.ok((capture?.joined.count ?? 0) > 100);
    assert.deepEqual(capture?.unread, ["monitor.log.gz: unexpected end of file; what comes before is used."]);
    capture?.close();
    assert.deepEqual(
      kept("").filter((name) => !name.endsWith(".index")),
      [],
    );
    writeFileSync(path, packed.subarray(0, 12));
    await assert.rejects(async () => open(path), /unexpected end of file/);
  });
});

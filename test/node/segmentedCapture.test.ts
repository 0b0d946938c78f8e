import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../server/src/cli/commands/check.js";
import { conversations } from "../../server/src/cli/commands/conversations.js";
import { packets } from "../../server/src/cli/commands/paths.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import type { PacketFilter } from "../../server/src/core/explain/packet/listPackets.js";
import { analyseLargeCase, openLargeCase } from "../../server/src/core/large/largeCase.js";
import { parsePrefix } from "../../server/src/core/net/prefix.js";
import { largePackets } from "../../server/src/lsp/largePackets.js";
import { type OpenCaptureOptions, type OpenedCapture, openCapture } from "../../server/src/node/capture/openCapture.js";
import { type CaptureRecipe, usualRecipe } from "../bench/capture/madeCapture.js";
import { nodeDump } from "../bench/capture/madeNode.js";
import { writeCapture } from "../bench/capture/writeCapture.js";
import { packetLines } from "../core/large/joinedInSegments.js";

/** So little memory that hardly anything fits into it. */
const memory = 128 << 20;

/** All that is known of a capture, however it was indexed. */
function contentsOf({
  segments,
  joined,
  scanned,
  losses,
  evidence,
  others,
  conversations: table,
}: OpenedCapture): unknown {
  const { names, events, lines, problemCount } = scanned;
  const addresses = segments.spans.flatMap((_, index) => {
    const { columns, rows } = segments.at(index);
    return Array.from(rows, (row) => `${names.text(columns.src[row] ?? 0)} ${names.text(columns.dst[row] ?? 0)}`);
  });
  return {
    packets: packetLines(
      segments.spans.map((_, index) => segments.at(index)),
      joined,
    ),
    // Names have other numbers where they were met in another order.
    endpoints: [...evidence.endpoints].map(([name, id]) => `${names.text(name)} ${id}`).sort(),
    devices: [...evidence.devices].map(([mac, name]) => `${names.text(mac)} ${names.text(name)}`).sort(),
    ...{ addresses, losses, places: evidence.places, others: { ...others }, events, lines, problemCount },
    conversations: [[...table.start], [...table.packets]],
  };
}

describe("a capture that does not fit into memory", function () {
  this.timeout(120_000);
  let parent: string;
  let folder: string;
  let path: string;
  let cacheFolder: string;
  let xdgCache: string | undefined;
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), "packetwalk-segments-"));
    folder = join(parent, "case");
    mkdirSync(folder);
    path = join(folder, "monitor.log");
    xdgCache = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = parent;
    cacheFolder = join(parent, "packetwalk");
  });
  afterEach(() => {
    if (xdgCache === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = xdgCache;
    rmSync(parent, { recursive: true, force: true });
  });

  function open(options: OpenCaptureOptions = {}): Promise<OpenedCapture> {
    return openCapture(path, { memory, portionRows: 300, cacheFolder, ...options });
  }

  function write(recipe: Partial<CaptureRecipe> = {}, bytes = 2.4e6): void {
    writeCapture(path, bytes, { ...usualRecipe, ...recipe });
  }

  const recipes: Readonly<Record<string, Partial<CaptureRecipe>>> = {
    "many packets astray": { seed: 12, astray: 0.4, dropped: 0.3 },
    "many other lines": { seed: 13, others: 0.4 },
    "lost events": { seed: 14, losses: true, others: 0.05 },
  };
  for (const [name, recipe] of Object.entries(recipes)) {
    it(`is indexed as if it did, with ${name}`, async () => {
      write(recipe);
      const whole = await openCapture(path);
      for (const portionRows of [100, 1000]) {
        const capture = await open({ portionRows, cacheFolder: join(parent, `${portionRows}`) });
        assert.equal(capture.unread, undefined);
        assert.ok(capture.segments.spans.length > 1);
        assert.deepEqual(contentsOf(capture), contentsOf(whole));
        assert.equal(capture.excerpt([3, 4, 200]).text, whole.excerpt([3, 4, 200]).text);
        assert.deepEqual(capture.lineAt(1_000_000), whole.lineAt(1_000_000));
        capture.close();
      }
      whole.close();
    });
  }

  for (const [name, line] of [
    [
      "text",
      (ends: string) =>
        `<- network flow 0x0 , identity world->unknown state unknown ifindex eth0 orig-ip 0.0.0.0: ${ends} tcp SYN`,
    ],
    [
      "Hubble's JSON",
      (ends: string) => {
        const [, source, sport, destination, dport] = /^(.*):(\d+) -> (.*):(\d+)$/.exec(ends) ?? [];
        return JSON.stringify({
          flow: {
            time: "2024-05-01T10:00:00Z",
            verdict: "FORWARDED",
            ethernet: {},
            IP: { source, destination, ipVersion: "IPv4" },
            l4: { TCP: { source_port: Number(sport), destination_port: Number(dport), flags: { SYN: true } } },
            node_name: "one",
            Type: "L3_L4",
            event_type: { type: 4, sub_type: 4 },
            trace_observation_point: "FROM_NETWORK",
          },
        });
      },
    ],
  ] as const) {
    it(`is indexed as if it did, in ${name}`, async () => {
      const lines = Array.from({ length: 20_000 }, (_, index) =>
        line(`203.0.113.${index % 200}:${1000 + (index % 97)} -> 10.0.0.${index % 250}:80`),
      );
      writeFileSync(path, `${lines.join("\n")}\n`);
      const whole = await openCapture(path);
      const capture = await open({ portionRows: 3000 });
      assert.ok(capture.segments.spans.length > 3, `${capture.segments.spans.length} segments`);
      assert.equal(capture.joined.count, 20_000);
      assert.deepEqual(contentsOf(capture), contentsOf(whole));
      capture.close();
      whole.close();
    });
  }

  it("has the same classes, findings and list in the panel", async () => {
    write({ seed: 15, losses: true, astray: 0.2 });
    const dump = readFile({ file: join(folder, "node.txt"), text: nodeDump });
    const filters: readonly PacketFilter[] = [
      { text: "", status: "all" },
      { text: "tcp 10.", status: "all" },
      { text: "", status: "broken" },
      { text: "eth0 80", status: "ok" },
    ];
    const told = (capture: OpenedCapture): unknown => {
      const large = openLargeCase({ files: [dump], captures: [capture], order: [dump.file, path] });
      const part = analyseLargeCase(large);
      const view = { folder, files: new Map(), revision: 1, unread: [], analysis: part.analysis, large };
      const list = largePackets(view, large);
      const [{ classes, statuses } = { classes: undefined, statuses: undefined }] = large.captures;
      return {
        findings: part.analysis.nodes.flatMap(({ findings }) => findings.map(({ finding }) => finding.message)),
        ...{ classOf: classes && [...classes.classOf], representatives: classes?.representatives, statuses },
        counts: list.counts,
        lists: filters.map((filter) => {
          const { packets: found, total } = list.select(filter, 40);
          return [total, ...found.map(({ trace }) => trace.packet.number)];
        }),
      };
    };
    const whole = await openCapture(path);
    const capture = await open({ portionRows: 200 });
    const [inSegments, atOnce] = [told(capture), told(whole)];
    assert.deepEqual(inSegments, atOnce);
    assert.ok((atOnce as { findings: string[] }).findings.length > 3);
    capture.close();
    whole.close();
  });

  it("is answered about as if it did", async () => {
    write({ seed: 16, astray: 0.2 });
    writeFileSync(join(folder, "node.txt"), nodeDump);
    const src = parsePrefix("10.0.0.0/14");
    const answers = async (bounds: { readonly memory?: number }): Promise<string[]> => {
      const lines: string[] = [];
      const print = (line: string): void => void lines.push(line);
      const options = { ...bounds, largeFrom: 1000 };
      await conversations([folder], {}, "json", print, options);
      await conversations([folder], { port: 80, ...(src && { src }) }, "text", print, options);
      await conversations([folder], { broken: true }, "text", print, options);
      await packets([folder], { broken: true }, "text", print, options);
      await packets([folder], { packet: 77 }, "json", print, options);
      await check([folder], { ...options, format: "json", failOn: "never", level: {} }, "1", print);
      return lines;
    };
    process.env.XDG_CACHE_HOME = join(parent, "elsewhere");
    const atOnce = await answers({});
    process.env.XDG_CACHE_HOME = parent;
    (await open()).close();
    const kept = readdirSync(cacheFolder).filter((name) => name.endsWith(".index"));
    const inSegments = await answers({ memory });
    assert.deepEqual(inSegments, atOnce);
    assert.ok(atOnce.length > 300);
    assert.deepEqual(
      readdirSync(cacheFolder).filter((name) => name.endsWith(".index")),
      kept,
    );
  });

  it("is not read again the next time", async () => {
    write({ seed: 17, others: 0.1 });
    const first = await open();
    let wasScanned = false;
    const onProgress = (): void => {
      wasScanned = true;
    };
    const second = await open({ onProgress });
    assert.ok(!wasScanned);
    assert.equal(second.segments.spans.length, first.segments.spans.length);
    assert.deepEqual(contentsOf(second), contentsOf(first));
    first.close();
    second.close();
  });

  it("tells how far it is, and leaves nothing behind when it is stopped", async () => {
    write();
    const fractions: number[] = [];
    const capture = await open({ onProgress: (read, size) => fractions.push(read / size) });
    capture.close();
    assert.ok(fractions.length > 3);
    assert.equal(fractions.at(-1), 1);
    assert.deepEqual(
      fractions,
      fractions.toSorted((a, b) => a - b),
    );
    rmSync(cacheFolder, { recursive: true });
    const stop = new AbortController();
    const onProgress = (read: number, size: number): void => {
      if (read > size / 2) stop.abort(new Error("enough"));
    };
    await assert.rejects(() => open({ signal: stop.signal, onProgress }), /enough/);
    assert.deepEqual(readdirSync(cacheFolder), []);
  });

  it("has its index in a temporary folder where none is given, as long as it is open", async () => {
    write();
    const temporary = join(parent, "temporary");
    mkdirSync(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    try {
      const capture = await openCapture(path, { memory, portionRows: 300 });
      assert.equal(readdirSync(temporary).length, 1);
      assert.ok(capture.segments.spans.length > 1);
      capture.close();
      assert.deepEqual(readdirSync(temporary), []);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
  });

  for (const [what, change, message] of [
    ["cut", () => truncateSync(path, 1_500_000), /became shorter while it was read/],
    ["deleted", () => rmSync(path), /was deleted while it was read/],
  ] as const) {
    it(`is used as far as it was read when it is ${what} meanwhile`, async () => {
      write();
      const whole = await openCapture(path);
      let isChanged = false;
      const capture = await open({
        onProgress: (read, size) => {
          if (isChanged || read < size / 2) return;
          isChanged = true;
          change();
        },
      });
      const said = capture.others?.unreadable.map((problem) => problem.message).join() ?? "";
      assert.match(said, message);
      assert.ok(capture.joined.count > 200 && capture.joined.count < whole.joined.count);
      const large = openLargeCase({ files: [], captures: [capture], order: [path] });
      assert.match(analyseLargeCase(large).files[0]?.limits?.join() ?? "", message);
      capture.close();
      whole.close();
    });
  }

  it("is read at its beginning alone where its index can't be written, and says why", async () => {
    write({}, 12e6);
    writeFileSync(cacheFolder, "a file in its place");
    let said = "";
    const capture = await open({
      memory: memory + 115 * 4000,
      onCacheProblem: (problem) => {
        said = problem;
      },
    });
    assert.match(said, /^the index could not be kept: E(?:NOTDIR|EXIST)/);
    assert.match(
      capture.unread?.join() ?? "",
      /^monitor\.log was read up to line \d+ \(\d+ events, 4 MB of 12 MB\): .* budget of 135 MB, and its index can't be written to disk \(E/,
    );
    assert.ok(capture.joined.count > 1000);
    const large = openLargeCase({ files: [], captures: [capture], order: [path] });
    assert.deepEqual(analyseLargeCase(large).files[0]?.limits, capture.unread);
    capture.close();
  });

  it("is read at its beginning alone when the disk is full, and leaves nothing behind", function () {
    write({}, 3e6);
    mkdirSync(cacheFolder, { recursive: true });
    const script = `
      import { readdirSync } from "node:fs";
      import { openCapture } from ${JSON.stringify(new URL("../../server/src/node/capture/openCapture.js", import.meta.url).href)};
      const cacheFolder = ${JSON.stringify(cacheFolder)};
      const capture = await openCapture(${JSON.stringify(path)}, { cacheFolder, memory: ${memory}, portionRows: 300 });
      console.log(capture.joined.count > 100, readdirSync(cacheFolder).length, capture.unread?.join());`;
    const mounted = 'mount -t tmpfs -o size=64k tmpfs "$1" && exec "$2" --input-type=module -e "$3"';
    const { status, stdout } = spawnSync(
      "unshare",
      ["-rm", "sh", "-c", mounted, "sh", cacheFolder, process.execPath, script],
      { encoding: "utf8" },
    );
    if (status !== 0) this.skip();
    assert.match(stdout, /^true 0 monitor\.log was read up to line \d+ .*ENOSPC/);
  });
});

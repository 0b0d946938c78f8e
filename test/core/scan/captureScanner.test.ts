import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { columnsOfEvents, isPacketEvent } from "../../../server/src/core/capture/columns/columnsOfEvents.js";
import { createNames } from "../../../server/src/core/capture/columns/names.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { captureScanner, type ScannedCapture } from "../../../server/src/core/scan/captureScanner.js";
import { mergeScans, type ScannedPart } from "../../../server/src/core/scan/mergeScans.js";
import { otherEvent } from "../../../server/src/core/scan/otherEvent.js";
import { compiledScanner } from "../../../server/src/scanner/compiledScanner.js";
import { madeLines, usualRecipe } from "../../bench/capture/madeCapture.js";
import { rowTexts } from "./rowTexts.js";
import { seededRandom } from "./seededRandom.js";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** One for most tests, so that each finds what the ones before left in its memory. */
const usual = compiledScanner(createNames());

/** Reads bytes in pieces, each of the size that `pieceSize` gives, as from a file. */
function scanInPieces(bytes: Uint8Array, pieceSize: () => number): ScannedCapture {
  const scanner = captureScanner("made", decode, usual);
  let used = 0;
  let read = 0;
  while (used < bytes.length) {
    read = Math.min(bytes.length, Math.max(read, used) + pieceSize());
    scanner.room(read - used).set(bytes.subarray(used, read));
    used += scanner.read(read - used, used, read === bytes.length);
  }
  return scanner.finish();
}

/** Whether the scanner reads a line itself. */
function isUsual(line: string): boolean {
  const bytes = new TextEncoder().encode(line);
  usual.clear();
  usual.room(bytes.length).set(bytes);
  return usual.scan(0, bytes.length, true, 0) === bytes.length;
}

/** What the way through decoded events gives for the same text. */
function expected(text: string) {
  const capture = readCapture("made", text);
  const names = createNames();
  const columns = columnsOfEvents(capture.events, names);
  return { capture, columns, rows: rowTexts(columns, names) };
}

/** The rows, with offsets in the text turned into offsets in the bytes; only for text whose bytes are its characters. */
function assertEqualScan(text: string, scanned: ScannedCapture): void {
  const { capture, columns, rows } = expected(text);
  assert.deepEqual(rowTexts(scanned.columns, scanned.names), rows);
  assert.deepEqual(scanned.columns.losses, columns.losses);
  assert.deepEqual(scanned.others, capture.events.filter((event) => !isPacketEvent(event)).map(otherEvent));
  assert.equal(scanned.events, capture.events.length);
  assert.equal(scanned.lines, capture.lines);
  assert.equal(scanned.problemCount, capture.problems.length);
  assert.deepEqual(
    scanned.problems.map(({ place }) => [place.start, place.end]),
    capture.problems.map(({ place }) => [place.start, place.end]),
  );
}

function madeText(lines: number, seed: number): string {
  const made: string[] = [];
  for (const line of madeLines({ ...usualRecipe, seed, astray: 0.1, dropped: 0.1, others: 0.2, losses: true })) {
    made.push(line);
    if (made.length === lines) break;
  }
  return `${made.join("\n")}\n`;
}

/** Changes that make a line another one, or none. */
const changes: readonly ((line: string, random: () => number) => string)[] = [
  (line, random) => line.slice(0, random() % (line.length + 1)),
  (line, random) => line.slice(random() % (line.length + 1)),
  (line, random) => {
    const at = random() % (line.length + 1);
    return `${line.slice(0, at)}${'"\\{}[](),:=0129aF \t'[random() % 19]}${line.slice(at)}`;
  },
  (line, random) => {
    const at = random() % (line.length + 1);
    return `${line.slice(0, at)}${line.slice(at + 1 + (random() % 3))}`;
  },
  (line, random) => {
    const numbers = [...line.matchAll(/\d+/g)];
    const number = numbers[random() % Math.max(1, numbers.length)];
    if (!number) return line;
    const values = ["0", "00", "65536", "4294967296", "99999999999", "-1", "1.5", "1e3", ""];
    return `${line.slice(0, number.index)}${values[random() % values.length]}${line.slice(number.index + number[0].length)}`;
  },
  (line) => line.replace('"source":', '"bytes":'),
  (line) => line.replace(/"mark":"[^"]*",/, ""),
  (line) => line.replace(/("l3":\{"src":")[^"]*/, "$1192.0.2.77"),
  (line) => line.replace(/,"l2":\{[^}]*\}/, ""),
  (line) => line.replace("TTL=", "TTL=64 SrcIP=192.0.2.1 TTL="),
  (line) => line.replace("FragOffset=0", "FragOffset=185"),
  (line) => line.replace("TypeCode=EchoRequest", "TypeCode=DestinationUnreachable(Port)"),
  (line) => line.replace(/("dstID":\d+)/, '$1,"IpTraceID":7'),
  (line) => line.replace(/("dstID":\d+)/, '$1,"IpTraceID":0'),
  (line) => line.replace(/SrcIP=[^ ]*/, "SrcIP=010.1.2.3"),
  (line) => line.replace(/"state":"[a-z]*"/, '"state":"\\u006eew"'),
  (line) => `${line}${line}`,
  (line) => `${line} `,
  (line) => `${line}\r`,
  (line) => `2026-01-02T03:04:05Z ${line}`,
  (line) => line.replace(/,/g, ",\n"),
  (line, random) => line.slice(0, 80 + (random() % 400)).concat("\n", line.slice(80 + (random() % 400))),
];

describe("scanning a capture's bytes", function () {
  this.timeout(60_000);

  it("reads the usual lines itself", () => {
    const lines = madeText(400, 3)
      .split("\n")
      .filter((line) => line.includes('"summary":{'));
    assert.deepEqual(lines.filter(isUsual), lines);
    assert.ok(lines.length > 300);
  });

  it("gives the rows that decoded events give, however the bytes are cut", () => {
    for (let seed = 1; seed <= 3; seed++) {
      const random = seededRandom(seed);
      const text = madeText(1200, seed);
      const bytes = new TextEncoder().encode(text);
      assertEqualScan(
        text,
        scanInPieces(bytes, () => 1 + (random() % 40_000)),
      );
    }
  });

  it("gives the rows that decoded events give for lines that are not quite as usual", () => {
    const random = seededRandom(99);
    for (let round = 0; round < 60; round++) {
      const text = madeText(40, 100 + round)
        .split("\n")
        .map((line) => (random() % 3 === 0 ? (changes[random() % changes.length]?.(line, random) ?? line) : line))
        .join("\n");
      assertEqualScan(
        text,
        scanInPieces(new TextEncoder().encode(text), () => 200 + (random() % 9000)),
      );
    }
  });

  it("gives the rows that decoded events give, change by change", () => {
    const random = seededRandom(7);
    const lines = madeText(60, 5).split("\n");
    for (const change of changes) {
      for (const line of lines) {
        const text = `${change(line, random)}\n`;
        assertEqualScan(
          text,
          scanInPieces(new TextEncoder().encode(text), () => 1 << 20),
        );
      }
    }
  });

  it("keeps byte offsets among other alphabets and malformed bytes", () => {
    const line = madeText(1, 8).trimEnd();
    const bytes = Buffer.concat([
      Buffer.from("# 应答 \u{1f600}\n"),
      Buffer.from([0xff, 0xfe, 0x80, 0x20]),
      Buffer.from(`é ${line}\n${line}\n\0\n`),
      Buffer.from([0xe5, 0xba]),
      Buffer.from(`\n${line}`),
    ]);
    const { columns } = scanInPieces(bytes, () => 1 << 20);
    assert.equal(columns.length, 3);
    for (let row = 0; row < 3; row++) {
      const start = columns.start[row] ?? 0;
      assert.equal(decode(bytes.subarray(start, start + (columns.size[row] ?? 0))), line);
    }
  });

  it("reads long runs of other lines in portions that give the same", () => {
    const text = Array.from({ length: 24_000 }, (_, index) =>
      index % 7 === 0
        ? "level=info msg=made"
        : `-> network flow 0x${index.toString(16)} , identity 12345->world state new ifindex eth0 orig-ip 0.0.0.0: 10.0.0.${index % 200}:4000${index % 10} -> 192.0.2.9:443 tcp SYN`,
    ).join("\n");
    assert.ok(text.length > 2_000_000);
    assertEqualScan(
      text,
      scanInPieces(new TextEncoder().encode(text), () => 300_000),
    );
  });

  it("puts parts of several scanners together as if one had read all", () => {
    const lines = madeText(900, 11).split("\n");
    const scanners = [compiledScanner(createNames()), compiledScanner(createNames())] as const;
    const seen = [0, 0];
    let offset = 0;
    const parts = [0, 1, 2, 3].map((part): ScannedPart => {
      const scanner = part % 2;
      const text =
        lines.slice(part * 225, part === 3 ? undefined : part * 225 + 225).join("\n") + (part === 3 ? "" : "\n");
      const reader = captureScanner("made", decode, scanners[scanner] ?? scanners[0]);
      reader.room(text.length).set(new TextEncoder().encode(text));
      reader.read(text.length, offset, true);
      offset += text.length;
      const { names, ...scanned } = reader.finish();
      const newNames = Array.from({ length: names.size - (seen[scanner] ?? 0) }, (_, index) =>
        names.text((seen[scanner] ?? 0) + index),
      );
      seen[scanner] = names.size;
      return { ...scanned, scanner, newNames };
    });
    assertEqualScan(lines.join("\n"), mergeScans(parts));
  });

  it("gives the rows that decoded events give for every sample", function () {
    const folder = join("..", "shared", "samples");
    if (!existsSync(folder)) this.skip();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name, parentPath } of files) {
      const text = readFileSync(join(parentPath, name), "latin1").replace(/[^\0-\x7f]/g, "?");
      assertEqualScan(
        text,
        scanInPieces(new TextEncoder().encode(text), () => 5000),
      );
    }
  });
});

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mayCutBefore } from "../../../server/src/core/monitor/mayCutBefore.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { madeLines, usualRecipe } from "../../bench/capture/madeCapture.js";
import { seededRandom } from "../scan/seededRandom.js";
import { drawnCases } from "./drawnCases.js";

/** The parts of a text, cut wherever it may be. */
function parts(text: string): string[] {
  const found: string[] = [];
  let start = 0;
  for (let at = text.indexOf("\n") + 1; at > 0 && at < text.length; at = text.indexOf("\n", at) + 1) {
    if (!mayCutBefore(text, at, text.slice(start, at).includes("{"))) continue;
    found.push(text.slice(start, at));
    start = at;
  }
  return [...found, text.slice(start)];
}

/** All that is read, a line each, with places moved by so much. */
function readAt(text: string, by: number): string[] {
  const { events, problems, remarks } = readCapture("f", text);
  return [...events, ...problems, ...remarks].map((each) =>
    JSON.stringify(each, (key, value) => {
      if (typeof value === "bigint") return `${value}`;
      return (key === "start" || key === "end") && typeof value === "number" ? value + by : value;
    }),
  );
}

function assertCut(text: string): number {
  const whole = readAt(text, 0).sort();
  const cut = parts(text);
  let offset = 0;
  const read = cut.flatMap((part) => {
    offset += part.length;
    return readAt(part, offset - part.length);
  });
  const first = read.sort().findIndex((line, index) => line !== whole[index]);
  assert.equal(read[first], whole[first]);
  assert.equal(read.length, whole.length);
  return cut.length;
}

const drawn = ["captures", "hubble", "pwru"].flatMap((fixture) =>
  drawnCases(`monitor/${fixture}.txt`).map(({ input }) => (input.endsWith("\n") ? input : `${input}\n`)),
);

/** Lines of a made log, some of them wrapped as a terminal does it, some cut off. */
function madeText(count: number, random: () => number): string {
  const lines: string[] = [];
  for (const line of madeLines({ ...usualRecipe, seed: random() % 1000, others: 0.3, losses: true })) {
    if (lines.length >= count) break;
    const at = random() % line.length;
    const kind = random() % 8;
    if (kind === 0) lines.push(line.slice(0, at), line.slice(at));
    else if (kind === 1) lines.push(line.slice(0, at));
    else lines.push(line);
  }
  return `${lines.join(random() % 2 ? "\n" : "\r\n")}\n`;
}

describe("mayCutBefore", function () {
  this.timeout(60_000);

  it("cuts before each message of JSON and each whole event of text", () => {
    const text = [
      '{"cpu":"CPU 01:","type":"debug","message":"a"}',
      '{"flow":{"time":"2026-01-02T03:04:05Z","verdict":"FORWARDED"}}',
      "# a comment",
      '{"type":"agent","subtype":"Policy updated","message":{}}',
    ];
    assert.deepEqual(parts(text.join("\n")), [`${text[0]}\n`, `${text[1]}\n${text[2]}\n`, text[3]]);
    const traces = [1, 2, 3].map(
      (at) =>
        `-> stack flow 0x${at} , identity 7->world state new ifindex 0 orig-ip 0.0.0.0: 192.0.2.1:4000${at} -> 198.51.100.7:443 tcp SYN`,
    );
    assert.equal(parts(traces.join("\n")).length, 3);
  });

  it("does not cut within an object that an event of text stands in", () => {
    const trace =
      "-> stack flow 0x1 , identity 7->world state new ifindex 0 orig-ip 0.0.0.0: 192.0.2.1:40001 -> 198.51.100.7:443 tcp SYN";
    const text = `{"cpu":"CPU 01:","type":"debug","message":"a\n${trace}\nb"}\n`;
    assert.equal(readCapture("f", text).events.length, 1);
    assert.equal(assertCut(text), 1);
  });

  it("gives what the whole text gives, in whatever order formats are mixed", () => {
    const random = seededRandom(3);
    let cuts = 0;
    for (let round = 0; round < 60; round++) {
      const pieces = Array.from({ length: 12 }, () =>
        random() % 3 ? (drawn[random() % drawn.length] ?? "") : madeText(4, random),
      );
      cuts += assertCut(pieces.join(""));
    }
    assert.ok(cuts > 1000, `${cuts} parts`);
  });

  it("gives what the whole text gives for every sample", function () {
    const samples = "../shared/samples";
    if (!existsSync(samples)) return this.skip();
    const files = readdirSync(samples, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(log|txt|json)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files) assertCut(readFileSync(file, "utf8").slice(0, 200_000));
    assert.ok(files.length > 0);
  });
});

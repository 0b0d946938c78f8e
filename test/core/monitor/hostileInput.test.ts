import assert from "node:assert/strict";
import fc from "fast-check";
import { explainAt } from "../../../server/src/core/explain/event/explainAt.js";
import { toMarkdown } from "../../../server/src/core/explain/toMarkdown.js";
import { jsonPlaceAt } from "../../../server/src/core/monitor/jsonPlaces.js";
import { looksLikeCapture } from "../../../server/src/core/monitor/looksLikeCapture.js";
import { headersOfBytes } from "../../../server/src/core/monitor/packetBytes.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { drawnCases } from "./drawnCases.js";

const corpus = ["captures", "hubble", "pwru"].flatMap((name) =>
  drawnCases(`monitor/${name}.txt`).map(({ input }) => input),
);

/** A stretch of the corpus with a few places overwritten, cut or doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...corpus),
    fc.array(fc.tuple(fc.nat(), fc.nat(30), fc.string({ unit: fc.constantFrom(...'{}[]"\\:,\n\r\0\x1b[m=(é ') })), {
      maxLength: 6,
    }),
  )
  .map(([text, edits]) =>
    edits.reduce((result, [at, length, insert]) => {
      const start = at % (result.length + 1);
      return result.slice(0, start) + insert + result.slice(start + length);
    }, text),
  );

function checkSpans(text: string): void {
  const { events, problems, remarks } = readCapture("f", text);
  let last = 0;
  for (const { place } of events) {
    assert.ok(
      last <= place.start && place.start < place.end && place.end <= text.length,
      "events overlap or leave the text",
    );
    last = place.end;
  }
  for (const { start, end } of [...problems.map(({ place }) => place), ...remarks]) {
    assert.ok(0 <= start && start < end && end <= text.length, "a place leaves the text");
  }
}

describe("hostile input", () => {
  it("mutated captures: no exception, and all places lie inside the text", () => {
    fc.assert(
      fc.property(mutated, (text) => {
        checkSpans(text);
        looksLikeCapture(text);
      }),
      { numRuns: 300 },
    );
  });

  it("every offset of mutated captures can be hovered", () => {
    fc.assert(
      fc.property(mutated, fc.nat(), (text, seed) => {
        for (const event of readCapture("f", text).events) {
          const offset = event.place.start + (seed % (event.place.end - event.place.start));
          const found = explainAt(text, event, offset);
          assert.ok(found && found.span.start <= offset && offset < found.span.end);
          assert.ok(toMarkdown(found.explanation).length < 20_000);
        }
        jsonPlaceAt(text, { start: 0, end: text.length }, seed % (text.length + 1));
      }),
      { numRuns: 300 },
    );
  });

  it("any text at all", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 300 }), checkSpans), { numRuns: 300 });
  });

  it("any bytes are a packet or none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        headersOfBytes(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  it("tunnels within tunnels end", () => {
    const outer = [
      0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 0, 7, 10, 2, 0, 8, 0x9c, 0x40, 0x21, 0x18, 0, 0, 0, 0,
    ];
    const frame = [...Array<number>(12).fill(2), 8, 0, ...outer, 8, 0, 0, 0, 0, 0, 1, 0];
    const bytes = Uint8Array.from(Array.from({ length: 500 }, () => frame).flat());
    let depth = 0;
    for (let headers = headersOfBytes(bytes); headers; headers = headers.tunnel) depth++;
    assert.ok(depth > 1 && depth < 20);
  });

  const repeated: readonly (readonly [name: string, unit: string])[] = [
    ["open braces", "{"],
    ["open objects", '{"a":'],
    ["open messages", '{"type":'],
    ["lines that open an object", '{"a":1\n'],
    ["lines that open a message", '{"cpu":1\n'],
    ["lines without any brace", "x\n"],
    ["quotes", '"'],
    ["backslashes", '{"\\'],
    ["escape characters", "\x1b"],
    ["unfinished colours", "\x1b[1;"],
    ["unfinished titles", "\x1b]0;"],
    ["blanks", "{ "],
    ["commas", ", 1"],
    ["small messages on one line", '{"type":"debug","message":"x"}'],
    ["verdict openings", "Policy verdict log: flow 0x1 "],
    ["NUL", "\0"],
    ["Hubble times", "Jan  2 15:04:05.000: "],
    ["Hubble ends", "Jan  2 15:04:05.000: a (b) -> c (d) e "],
    ["Hubble columns", "2026-01-02   a   "],
    ["Hubble dictionaries", "  TIMESTAMP: x\n"],
    ["pwru openings", "0xffff9a8b12345678 3 a:1 "],
    ["pwru tuples", "0xffff9a8b12345678 3 a:1 1.1.1.1:1->1.1.1.1:1(tcp) "],
    ["hex dumps", "00000000  00 00 00 00                                       |....|\n"],
    ["verbose headers", "CPU 01: MARK 0x1 FROM 1 to-stack: 1 bytes (1 captured), state new\n"],
    ["recorder headers", "Recorder capture: dir:egress rule:1 ts:1 caplen:1 len:1\n"],
  ];
  for (const [name, unit] of repeated) {
    it(`takes time in proportion to its length: ${name}`, function () {
      this.timeout(120_000).slow(4000);
      const text = unit.repeat(400_000 / unit.length);
      const start = performance.now();
      readCapture("f", text);
      looksLikeCapture(text);
      // It takes about 0.1 s; reading each character once per other one would take over a minute.
      assert.ok(performance.now() - start < 4000);
    });
  }

  it("a line of 5 MB", function () {
    this.timeout(20_000);
    const value = "\\u003cab\\t".repeat(500_000);
    const text = `{"type":"debug","message":"${value}"}\n`;
    const { events, problems } = readCapture("f", text);
    assert.equal(problems.length, 0);
    assert.deepEqual(
      events.map((event) => event.type === "debug" && event.message.length),
      [4 * 500_000],
    );
    assert.equal(readCapture("f", text.slice(0, -4)).problems.length, 1);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeLine } from "../../../server/src/core/monitor/decodeLine.js";
import { opensLikeDump } from "../../../server/src/core/monitor/opensLikeDump.js";
import { readCapture } from "../../../server/src/core/monitor/readCapture.js";
import { drawnDumps } from "../findings/drawnDump.js";
import { drawnCases } from "./drawnCases.js";

/** Lines of events and of what stands around them, of every format. */
const lines = ["captures", "hubble", "pwru"].flatMap((fixture) =>
  drawnCases(`monitor/${fixture}.txt`).flatMap(({ input }) => input.split("\n")),
);

const openings = [
  ...["0: from all ", "12:\tfrom 10.0.0.1 ", "512: not from 10.0.0.0/8 ", "32766:  from fd00::1 ", "7: from d"],
  ...["10.0.0.1 dev ", "10.0.0.0/8 via ", "fd00::/64 dev ", "2001:db8::1 via ", "::1 dev ", "2001:c0de::7/128 dev "],
];

function decoded(line: string) {
  return decodeLine("f", line, { start: 0, end: line.length });
}

describe("Lines that open like those of a dump", () => {
  it("are no events, whatever follows", () => {
    const cut = fc.tuple(fc.constantFrom(...lines), fc.double({ min: 0, max: 1, noNaN: true }));
    const tails = cut.map(([line, from]) => line.slice(Math.floor(from * line.length)).replaceAll("{", ""));
    fc.assert(
      fc.property(fc.constantFrom(...openings), tails, (opening, tail) => {
        assert.ok(opensLikeDump(opening, 0));
        assert.equal(decoded(opening + tail).type, "remark");
      }),
      { numRuns: 3000 },
    );
  });

  it("are none of the lines that are", () => {
    const numbered = lines.flatMap((line) => [line, `12: ${line}`]);
    const events = numbered.filter((line) => decoded(line).type !== "remark");
    assert.ok(events.length > 100);
    assert.deepEqual(
      events.filter((line) => opensLikeDump(line, 0)),
      [],
    );
  });

  it("are passed over amid events, but not the objects in them", () => {
    const message =
      '{"type":"agent","subtype":"Policy updated","message":{"labels":["a"],"revision":2,"rule_count":1}}';
    fc.assert(
      fc.property(drawnDumps, fc.nat(), (dump, at) => {
        const text = dump.toSpliced(at % dump.length, 0, `12: from all ${message}`).join("\n");
        assert.equal(readCapture("f", text).events.length, 1);
      }),
    );
  });
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { rereadTranscript } from "../../../server/src/core/iproute/rereadTranscript.js";
import { drawnDumps, drawnRoutes, drawnRules } from "../findings/drawnDump.js";

/** Lines that a list can have, and lines that end it, cut it off or make another one of it. */
const newLines = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(drawnRules, drawnRoutes) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("", "...", "$ ip rule", "110: from", "\tnexthop via 192.0.2.1 dev eth0", "{"),
  },
);

const edits = fc.record({ at: fc.nat(), gone: fc.nat(2), come: fc.array(newLines, { maxLength: 2 }) });

const runs = Number(process.env.PACKETWALK_RUNS ?? 300);

describe("Reading a dump again", () => {
  it("answers what reading all of it does, or that all of it has to be read", () => {
    let quick = 0;
    fc.assert(
      fc.property(drawnDumps, edits, (lines, { at, gone, come }) => {
        const before = lines.join("\n");
        const text = lines.toSpliced(1 + (at % lines.length), gone, ...come).join("\n");
        const again = rereadTranscript(readTranscript("node.txt", before), before, text);
        if (!again) return;
        quick++;
        assert.deepEqual(again, readTranscript("node.txt", text));
      }),
      { numRuns: runs, endOnFailure: true },
    );
    assert.ok(quick > runs / 5, `${quick} of ${runs} by their lines`);
  });
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { rereadTranscript } from "../../../server/src/core/iproute/rereadTranscript.js";
import { drawnDumps, drawnRoutes, drawnRules } from "../findings/drawnDump.js";

/** Lines that a list can have, and lines that end it, cut it off or make another one of it. */
const newLines = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(drawnRules, drawnRoutes) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["", "...", "$ ip rule", "110: from", "\tnexthop via 192.0.2.1 dev eth0", "{", "a remark", "10.1.2. dev eth0"],
      ...[
        "@@ -1 +1 @@",
        "```",
        "-310: from all lookup 5",
        "Table 7:",
        "cache",
        "proto static",
        "310: from all loo",
        "> ",
      ],
    ),
  },
);

/** Lines that go, come, or are typed in: cut off somewhere, as a line is between two keys. */
const edits = fc.record({
  at: fc.nat(),
  gone: fc.nat(2),
  come: fc.array(newLines, { maxLength: 2 }),
  typed: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

type Drawn = typeof edits extends fc.Arbitrary<infer T> ? T : never;

function edited(lines: readonly string[], { at, gone, come, typed }: Drawn): string[] {
  const index = 1 + (at % lines.length);
  const line = lines[index];
  if (typed === null || line === undefined) return lines.toSpliced(index, gone, ...come);
  return lines.with(index, line.slice(0, Math.ceil(typed * line.length)));
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 300);

describe("Reading a dump again", () => {
  it("answers what reading all of it does, or that all of it has to be read", function () {
    this.timeout(60_000);
    let all = 0;
    let quick = 0;
    fc.assert(
      fc.property(drawnDumps, fc.array(edits, { minLength: 1, maxLength: 8 }), (drawn, list) => {
        let lines: readonly string[] = drawn;
        let old = readTranscript("node.txt", lines.join("\n"));
        for (const edit of list) {
          const before = lines.join("\n");
          lines = edited(lines, edit);
          const text = lines.join("\n");
          const whole = readTranscript("node.txt", text);
          const again = rereadTranscript(old, before, text);
          if (again) assert.deepEqual(again, whole);
          all++;
          if (again) quick++;
          old = again ?? whole;
        }
      }),
      { numRuns: runs, endOnFailure: !process.env.SHRINK },
    );
    assert.ok(quick > all / 4, `${quick} of ${all} by their lines`);
  });
});

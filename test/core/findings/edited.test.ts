import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Analysis, analyse } from "../../../server/src/core/analyse.js";
import { type ReadFile, readFile } from "../../../server/src/core/case/readFile.js";
import { rereadFile } from "../../../server/src/core/case/rereadFile.js";
import { drawnDumps, drawnRoutes, drawnRules } from "./drawnDump.js";

/** One line of a dump replaced, deleted or added. */
interface Edit {
  readonly at: number;
  readonly gone: 0 | 1;
  readonly come: readonly string[];
}

const edits: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(),
  gone: fc.constantFrom(0, 1),
  come: fc.array(fc.oneof(drawnRules, drawnRoutes), { maxLength: 1 }),
});

/** Applied to the list that the new line belongs to, so that most edits keep a dump a dump. */
function apply(lines: readonly string[], { at, gone, come }: Edit): string[] {
  const heading = lines.findLastIndex((line) => line.startsWith("$"));
  const isRule = come[0] === undefined ? at % 2 === 0 : /^\d+:/.test(come[0]);
  const [first, last] = isRule ? [2, heading - 2] : [heading + 1, lines.length - 2];
  const place = first + (last > first ? at % (last - first) : 0);
  const changed = lines.toSpliced(place, gone, ...come);
  if (!isRule) return changed;
  const rules = changed.slice(1, changed.lastIndexOf("$ ip route show table all"));
  const sorted = rules.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return changed.toSpliced(1, rules.length, ...sorted);
}

function read(text: string): ReadFile {
  return readFile({ file: "node.txt", text });
}

/** Everything that findings say, whichever objects say it. */
function outline({ nodes }: Analysis): string {
  const findings = nodes.map((node) => node.findings.map(({ finding }) => finding));
  // Tables are told by their names.
  const told = (key: string, value: unknown) =>
    key === "routes" ? undefined : typeof value === "bigint" ? `${value}n` : value;
  return JSON.stringify(findings, told, 1);
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 20);

describe("A dump that is edited", () => {
  it("has the findings that it would have if it were read for the first time", () => {
    let quick = 0;
    let slow = 0;
    fc.assert(
      fc.property(drawnDumps, fc.array(edits, { minLength: 1, maxLength: 4 }), (drawn, list) => {
        let lines = drawn;
        let file = read(lines.join("\n"));
        let analysis = analyse([file]);
        for (const edit of list) {
          lines = apply(lines, edit);
          const text = lines.join("\n");
          const again = rereadFile(file, text);
          if (again) quick++;
          else slow++;
          file = again ?? read(text);
          analysis = analyse([file], { before: analysis });
          assert.equal(outline(analysis), outline(analyse([read(text)])));
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
    assert.ok(quick > slow, `${quick} edits were read by their lines, ${slow} by the whole text`);
  });

  it("has them also without any one of its rules", () => {
    fc.assert(
      fc.property(drawnDumps, (lines) => {
        const whole = read(lines.join("\n"));
        const analysis = analyse([whole]);
        for (let at = 2; lines[at]?.startsWith("32766:") === false; at++) {
          const text = lines.toSpliced(at, 1).join("\n");
          const again = rereadFile(whole, text);
          assert.ok(again);
          assert.equal(outline(analyse([again], { before: analysis })), outline(analyse([read(text)])));
        }
      }),
      { numRuns: Math.ceil(runs / 2), endOnFailure: true },
    );
  });
});

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { analyse, readFile, type SourceFile } from "../../../server/src/core/index.js";
import { drawnCase } from "../case/drawnCase.js";

const cases = readdirSync(resolve("test/fixtures/cases"))
  .filter((file) => file.endsWith(".case"))
  .map((name) => drawnCase(name).files);

/** Replaces a stretch of a text by something else; the stretch as parts of its length. */
interface Damage {
  readonly at: number;
  readonly length: number;
  readonly by: string;
}

const damages = fc.array(
  fc.record<Damage>({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 60 }),
    by: fc.constantFrom("", "\n", "0", "\0", "{", "from ", "10.3.1.83", "fe80::1", "lxc0123456789ab", "ttl=1", "=== "),
  }),
  { minLength: 1, maxLength: 5 },
);

function damaged(text: string, list: readonly Damage[]): string {
  return list.reduce((now, { at, length, by }) => {
    const start = Math.floor(at * now.length);
    return now.slice(0, start) + by + now.slice(start + length);
  }, text);
}

/** Analyses files and asserts that everything found points into one of them, in whole sentences. */
function assertPlaces(files: readonly SourceFile[]): void {
  const lengths = new Map(files.map(({ file, text }) => [file, text.length]));
  const found = analyse(files.map(readFile)).nodes.flatMap(({ findings }) => findings.map(({ finding }) => finding));
  for (const { code, message, place, related, severity, confidence } of found) {
    for (const { file, start, end } of [place, ...related.map((each) => each.place)]) {
      const length = lengths.get(file);
      assert.ok(length !== undefined, `${code} points into "${file}", which is none of the files`);
      assert.ok(0 <= start && start <= end && end <= length, `${code} points at ${start} to ${end} of ${length}`);
    }
    assert.match(message, /^\S.*[.!?]$/s, code);
    assert.doesNotMatch(message, /undefined|NaN|\[object| {2}/, code);
    const doubtful = confidence === "conditional" || confidence === "unknown";
    assert.ok(
      !doubtful || severity === "information" || severity === "hint",
      `${code} is ${severity} and ${confidence}`,
    );
  }
}

describe("findings", function () {
  this.timeout(60_000);

  it("point into the files of their case, and what is less than likely is an information at most", () => {
    for (const files of cases) assertPlaces(files);
  });

  it("do so in damaged files, too, and nothing throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), damages, fc.nat(), (files, list, which) => {
        const chosen = which % files.length;
        assertPlaces(
          files.map((each, index) => (index === chosen ? { ...each, text: damaged(each.text, list) } : each)),
        );
      }),
      { numRuns: 150 },
    );
  });
});

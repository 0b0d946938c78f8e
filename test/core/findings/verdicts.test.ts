import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse, readFile } from "../../../server/src/core/index.js";

const samples = "../shared/samples/iproute2";

/** `NAME.txt:LINE severity code`, of everything at warning or above in the samples. */
function found(): string[] {
  return readdirSync(samples)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .flatMap((name) => {
      const text = readFileSync(join(samples, name), "utf8");
      return analyse([readFile({ file: name, text })])
        .nodes.flatMap(({ findings }) => findings.map(({ finding }) => finding))
        .filter(({ severity }) => severity === "error" || severity === "warning")
        .map(
          ({ severity, code, place }) => `${name}:${text.slice(0, place.start).split("\n").length} ${severity} ${code}`,
        );
    });
}

/** The same list as it was judged by hand: the items of verdicts.md that begin with code. */
function judged(): string[] {
  const text = readFileSync("test/fixtures/verdicts.md", "utf8");
  return [...text.matchAll(/^- `([^`]+)`/gm)].map(([, item = ""]) => item);
}

describe("Verdicts on the public dumps", () => {
  it("cover everything at warning or above, and nothing that is not found any more", function () {
    if (!existsSync(samples)) {
      console.log(`      skipped: there is no ${samples} beside this checkout`);
      this.skip();
    }
    assert.deepEqual(found(), judged());
  });
});

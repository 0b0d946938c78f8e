import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { analyse, readFile, type SourceFile } from "../../server/src/core/index.js";
import { openNamespace } from "../../server/src/node/kernel/namespace.js";
import { type FixVerdict, verifyFix } from "../../server/src/node/kernel/verifyFix.js";
import { drawnCase } from "../core/case/drawnCase.js";

const story = "samples/story";

function storyFiles(): SourceFile[] {
  return readdirSync(story).map((name) => ({
    file: `${story}/${name}`,
    text: readFileSync(resolve(story, name), "utf8"),
  }));
}

const cases: readonly (readonly [name: string, files: () => readonly SourceFile[]])[] = [
  ["the story", storyFiles],
  ...readdirSync("test/fixtures/cases")
    .filter((name) => name.endsWith(".case"))
    .map((name) => [name, () => drawnCase(name).files] as const),
];

function disagreement({ flows, refused, unmade }: FixVerdict): string {
  const differing = flows.filter(({ before, after, undone }) =>
    [before, after, undone].some(({ kernel, simulated }) => simulated !== undefined && kernel !== simulated),
  );
  return JSON.stringify({ differing, refused, unmade }, null, 2);
}

describe("Fixes against the kernel", function () {
  this.timeout(120_000);
  let verified = 0;
  let asked = 0;

  before(async function () {
    const ns = await openNamespace();
    if (typeof ns !== "string") return ns.close();
    console.log(`      skipped: ${ns}`);
    this.skip();
  });

  for (const [name, files] of cases) {
    const fixesOf = () =>
      analyse(files().map(readFile)).nodes.flatMap(({ node, findings }) =>
        findings.flatMap(({ fixes }) => fixes.map((fix) => ({ node, fix }))),
      );
    it(`agrees with every fix of ${name}, and with its undo`, async () => {
      for (const { node, fix } of fixesOf()) {
        const verdict = await verifyFix(node.state, fix);
        assert.ok(typeof verdict !== "string", `${verdict}`);
        assert.ok(verdict.agrees, `${fix.title}\n${fix.commands.join("\n")}\n${disagreement(verdict)}`);
        verified++;
        asked += verdict.flows.length;
      }
    });
  }

  it("has put a good number of them to the kernel", () => {
    console.log(`      ${verified} fixes, ${asked} flows, each before, after and after the undo`);
    assert.ok(verified >= 20 && asked >= verified);
  });
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { analyse, readFile } from "../../../server/src/core/index.js";

const expectation = /^(no )?note: (.+)$/;

describe("notes of repairs", () => {
  const sections = readFileSync(resolve("test/fixtures/fixes/notes.txt"), "utf8").split(/^=== /m).slice(1);
  for (const section of sections) {
    const [title = "", ...lines] = section.trimEnd().split("\n");
    it(title, () => {
      const text = lines.filter((line) => !expectation.test(line)).join("\n");
      const fixes = analyse([readFile({ file: "node.txt", text })]).nodes.flatMap(({ findings }) =>
        findings.flatMap((each) => each.fixes),
      );
      assert.ok(fixes.length > 0);
      const notes = fixes.flatMap((fix) => fix.notes).join("\n");
      for (const line of lines) {
        const [, no, words] = expectation.exec(line) ?? [];
        if (words !== undefined) assert.equal(notes.includes(words), no === undefined, `${line}\n${notes}`);
      }
    });
  }
});

import assert from "node:assert/strict";
import { isSuppressed, readSuppressions } from "../../../server/src/core/findings/suppressions.js";
import { composeExcerpt, offsetOf } from "../../../server/src/core/scan/excerpt.js";

const text = "first\n# packetwalk: ignore some-code\nsecond\r\nthird ü\n\nfourth\n";

/** The pieces of the file that say these words. */
function excerptOf(...words: readonly string[]) {
  const pieces = words.map((word) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length }));
  return composeExcerpt("monitor.log", pieces, ({ start, end }) => text.slice(start, end));
}

describe("composeExcerpt", () => {
  const comment = "# packetwalk: ignore some-code";

  function isSilenced(excerpt: ReturnType<typeof excerptOf>, word: string): boolean {
    const start = excerpt.text.indexOf(word);
    const place = { file: excerpt.file, start, end: start + word.length };
    return isSuppressed(readSuppressions(excerpt.text), excerpt.text, "some-code", place);
  }

  it("keeps a comment above the line that it stood above", () => {
    assert.ok(isSilenced(excerptOf("first", comment, "second"), "second"));
  });

  it("puts no comment above a line that it did not stand above", () => {
    assert.ok(!isSilenced(excerptOf(comment, "third"), "third"));
    assert.ok(!isSilenced(excerptOf(comment, "fourth"), "fourth"));
  });

  it("leads back to the file from behind the line ends that a piece begins and ends with", () => {
    const excerpt = excerptOf("first", "\r\nthird ü\n\n", "fourth");
    assert.equal(excerpt.text, "first\n\nthird ü\nfourth\n");
    for (const word of ["first", "third", "fourth"]) {
      const offset = offsetOf(excerpt, excerpt.text.indexOf(word));
      assert.equal(text.slice(offset, offset + word.length), word);
    }
  });

  it("takes pieces in any order, and each once", () => {
    assert.equal(excerptOf("second", "first", "second").text, "first\n\nsecond\n");
  });
});

import assert from "node:assert/strict";
import * as fc from "fast-check";
import { lineSpans } from "../../server/src/core/text/lines.js";
import { lineFinder } from "../../server/src/node/capture/lineFinder.js";

describe("Lines of a file's bytes", () => {
  it("are those of its text, whatever ends them, from the beginning and from a mark", () => {
    const texts = fc.array(fc.constantFrom("\n", "\r", "\r\n", "a", "bc", "é", "😀")).map((parts) => parts.join(""));
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = Buffer.from(text);
        const lines = [...lineSpans(text)];
        const marks = lines
          .map(({ start }, line) => ({ offset: Buffer.byteLength(text.slice(0, start)), line }))
          .filter((_, line) => line % 3 === 2);
        for (const find of [[], marks].map((known) => lineFinder(known, (start, end) => bytes.subarray(start, end)))) {
          for (const [line, { start, end }] of lines.entries()) {
            const offset = Buffer.byteLength(text.slice(0, start));
            assert.deepEqual(find(offset), { line, column: 0 });
            assert.deepEqual(find(offset + Buffer.byteLength(text.slice(start, end))), { line, column: end - start });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

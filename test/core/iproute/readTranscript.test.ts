import assert from "node:assert/strict";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { drawings } from "./drawnCases.js";
import { outline } from "./outline.js";

for (const { file, cases } of drawings()) {
  describe(`what is read from test/fixtures/iproute/${file}`, () => {
    for (const { name, input, expected } of cases) {
      it(name, () => {
        assert.equal(outline(readTranscript("paste.txt", input), input), expected);
      });
    }
  });
}

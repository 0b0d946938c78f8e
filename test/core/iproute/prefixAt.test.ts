import assert from "node:assert/strict";
import fc from "fast-check";
import { prefixAt } from "../../../server/src/core/iproute/prefixAt.js";
import { formatPrefix, parsePrefix } from "../../../server/src/core/net/prefix.js";
import { prefix } from "./arbitraryRule.js";

/** Words that are nearly addresses. */
const nearly = fc.string({ unit: fc.constantFrom(..."0123456789abcf::..//%x "), maxLength: 24 });

describe("prefixes read in place", () => {
  it("are those that parsePrefix reads", () => {
    const written = fc.oneof(prefix(4), prefix(6)).map(formatPrefix);
    fc.assert(
      fc.property(fc.oneof(written, nearly), fc.string({ maxLength: 5 }), (word, before) => {
        assert.deepEqual(
          prefixAt(`${before}${word} dev`, before.length, before.length + word.length),
          parsePrefix(word),
        );
      }),
      { numRuns: 3000 },
    );
  });

  for (const word of [
    "::",
    "::1/128",
    "1::",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7::",
    "::ffff:10.0.0.1",
    "010.0.0.1",
    "10.0.0.0/08",
    "1:::2",
    ":1",
    "1:",
    "::/129",
    "10.0.0.1/33",
    "10.0.0",
  ]) {
    it(word, () => assert.deepEqual(prefixAt(word, 0, word.length), parsePrefix(word)));
  }
});

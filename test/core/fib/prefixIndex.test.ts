import assert from "node:assert/strict";
import * as fc from "fast-check";
import { addressKey } from "../../../server/src/core/fib/addressKey.js";
import { buildPrefixIndex, longestMatch } from "../../../server/src/core/fib/prefixIndex.js";
import type { Family } from "../../../server/src/core/net/address.js";
import { containsPrefix } from "../../../server/src/core/net/prefix.js";
import { addresses, prefixes } from "./arbitraryNode.js";

describe("The prefix index", () => {
  it("finds all prefixes around an address, the longest first, in the given order within one", () => {
    const cases = fc
      .constantFrom<Family>(4, 6)
      .chain((family) =>
        fc.tuple(fc.array(fc.record({ dst: prefixes(family), rank: fc.nat(2) }), { maxLength: 60 }), addresses(family)),
      );
    fc.assert(
      fc.property(cases, ([items, address]) => {
        const index = buildPrefixIndex(items, (a, b) => a.rank - b.rank);
        const found: typeof items = [];
        for (let leaf = longestMatch(index, addressKey(address)); leaf >= 0; leaf = index.parents[leaf] ?? -1) {
          found.push(...index.items.slice(index.starts[leaf], index.starts[leaf + 1]));
        }
        const covering = items
          .filter(({ dst }) => containsPrefix(dst, address))
          .sort((a, b) => b.dst.length - a.dst.length || a.rank - b.rank);
        assert.deepEqual(found, covering);
      }),
      { numRuns: 2000 },
    );
  });
});

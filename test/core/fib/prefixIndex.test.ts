import assert from "node:assert/strict";
import * as fc from "fast-check";
import { addressKey } from "../../../server/src/core/fib/addressKey.js";
import { buildPrefixIndex, patchPrefixIndex } from "../../../server/src/core/fib/prefixIndex.js";
import { longestMatch } from "../../../server/src/core/fib/prefixLeaves.js";
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

  it("is the same after an edit of the list as if it were built for the first time", () => {
    const compare = (a: { readonly rank: number }, b: { readonly rank: number }) => a.rank - b.rank;
    const cases = fc.constantFrom<Family>(4, 6).chain((family) => {
      const lists = fc.array(fc.record({ dst: prefixes(family), rank: fc.nat(2) }), { maxLength: 20 });
      return fc.tuple(lists, lists, fc.nat(), fc.nat(5));
    });
    fc.assert(
      fc.property(cases, ([items, come, place, gone]) => {
        const start = place % (items.length + 1);
        const oldEnd = Math.min(items.length, start + gone);
        const after = items.toSpliced(start, oldEnd - start, ...come);
        const index = buildPrefixIndex(items, compare);
        const patched = patchPrefixIndex(index, after, { start, end: start + come.length, oldEnd }, compare);
        const built = buildPrefixIndex(after, compare);
        assert.deepEqual(patched, after.length > 0 ? built : { ...built, words: patched.words });
      }),
      { numRuns: 2000 },
    );
  });
});

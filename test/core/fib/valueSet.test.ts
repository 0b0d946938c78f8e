import assert from "node:assert/strict";
import * as fc from "fast-check";
import { intersectSets, rangeSet, setHas, subtractSet } from "../../../server/src/core/fib/valueSet.js";

const u32 = fc.oneof(
  fc.nat(20),
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0x7fffffff, 0x80000000, 0xffffffff),
);
const ranges = fc.tuple(u32, u32).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) }));
const masked = fc.record({ value: u32, mask: u32 }).map((block) => [block]);
const sets = fc.oneof(
  masked,
  ranges.map(({ start, end }) => rangeSet(start, end)),
);

describe("Sets of numbers", () => {
  it("hold a range's numbers and no others", () => {
    fc.assert(
      fc.property(ranges, u32, ({ start, end }, value) => {
        const set = rangeSet(start, end);
        assert.ok(set.length <= 62);
        for (const probe of [value, start, end, start - 1, end + 1]) {
          if (probe >= 0 && probe <= 0xffffffff)
            assert.equal(setHas(set, probe), start <= probe && probe <= end, `${probe}`);
        }
      }),
    );
  });

  it("intersect and subtract as sets do, and stay free of repeats", () => {
    fc.assert(
      fc.property(sets, sets, fc.array(u32), (a, b, values) => {
        const both = intersectSets(a, b);
        const rest = subtractSet(a, b);
        for (const value of values.concat(
          a.map((block) => block.value),
          b.map((block) => block.value),
        )) {
          assert.equal(setHas(both, value), setHas(a, value) && setHas(b, value));
          assert.equal(setHas(rest, value), setHas(a, value) && !setHas(b, value));
          assert.ok([...both, ...rest].filter((block) => setHas([block], value)).length <= 1);
        }
      }),
    );
  });
});

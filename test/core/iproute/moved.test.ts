import assert from "node:assert/strict";
import fc from "fast-check";
import { isMovedRoute, movedRoute } from "../../../server/src/core/iproute/movedRoute.js";
import { isMovedRule, movedRule } from "../../../server/src/core/iproute/movedRule.js";
import type { Route } from "../../../server/src/core/iproute/route.js";
import type { Rule } from "../../../server/src/core/iproute/rule.js";
import { route, rule } from "./arbitraryRule.js";

const place = { file: "node.txt", start: 10, end: 40 };
const rest = fc.option(fc.constant({ start: 41, end: 50 }), { nil: undefined });

/** What stands `by` further on, of what is at the place above. */
function moved<T>(item: T, by: number): T {
  const tail = "rest" in (item as object) ? { rest: { start: 41 + by, end: 50 + by } } : {};
  return { ...item, ...tail, place: { ...place, start: 10 + by, end: 40 + by } };
}

function placed<T extends Rule | Route>(drawn: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.tuple(drawn, rest, fc.boolean()).map(([item, tail, isIncomplete]) => ({
    ...item,
    place,
    ...(tail && { rest: tail }),
    ...(isIncomplete && { incomplete: true as const }),
  }));
}

describe("What moves with the text before it", () => {
  it("a rule changes in nothing but its place", () => {
    fc.assert(
      fc.property(placed(fc.oneof(rule(4), rule(6))), fc.integer({ min: -9, max: 9 }), (before, by) => {
        const after = movedRule(before, by);
        assert.deepEqual(after, moved(before, by));
        assert.ok(isMovedRule(before, after));
        assert.ok(!isMovedRule(before, { ...after, action: { ...after.action } }));
      }),
    );
  });

  it("a route changes in nothing but its place", () => {
    fc.assert(
      fc.property(placed(fc.oneof(route(4), route(6))), fc.integer({ min: -9, max: 9 }), (before, by) => {
        const after = movedRoute(before, by);
        assert.deepEqual(after, moved(before, by));
        assert.ok(isMovedRoute(before, after));
        assert.ok(!isMovedRoute(before, { ...after, dst: { ...after.dst } }));
      }),
    );
  });
});

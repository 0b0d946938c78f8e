import assert from "node:assert/strict";
import * as fc from "fast-check";
import { changedRegions } from "../../../../server/src/core/fib/comparison/changedRegions.js";
import { regionHolds } from "../../../../server/src/core/fib/comparison/regionHolds.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import { wordsForDecision } from "../../../../server/src/core/fib/decisionWords.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import type { Flow } from "../../../../server/src/core/fib/flow.js";
import { flowWords } from "../../../../server/src/core/fib/flowWords.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import type { Rule } from "../../../../server/src/core/iproute/rule.js";
import type { Family } from "../../../../server/src/core/net/address.js";
import { addRule } from "../../../../server/src/core/state/editRules.js";
import type { NodeState } from "../../../../server/src/core/state/nodeState.js";
import { flows, nodes } from "../arbitraryNode.js";

/** Flows that exist: none that came in by a device was sent by a socket of the node, and packets without ports have the ports 0. */
function existing(flow: Flow): Flow {
  const forwarded = flow.iif !== "lo";
  const ports = flow.ipproto === 6 || flow.ipproto === 17 ? {} : { sport: 0, dport: 0 };
  const src = flow.src ?? flow.dst;
  return { ...flow, ...ports, ...(forwarded ? { src, oif: null, uid: 0 } : { tunId: 0n }) };
}

/** A node made of two others: some of the one's rules and tables in the place of the other's. */
function mixed(family: Family): fc.Arbitrary<readonly [NodeState, NodeState]> {
  return fc
    .tuple(nodes(family), nodes(family), fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), fc.nat(3), fc.boolean())
    .map(([before, other, dice, tableDice, renumber]) => {
      const own = before.families[family];
      const foreign = other.families[family];
      const rules = (own.rules ?? []).flatMap((rule, at) => {
        const strange = foreign.rules?.[at];
        return dice[at] === 0 ? [] : dice[at] === 1 && strange ? [rule, strange] : [rule];
      });
      const tables = new Map(
        [...own.tables].map(([id, table]) => [id, (id - 100 === tableDice && foreign.tables.get(id)) || table]),
      );
      const state = {
        ...own,
        rulesComplete: tableDice > 0,
        rules: renumber ? rules.map((rule, at) => ({ ...rule, priority: at })) : rules,
        tables,
      };
      return [before, { ...before, families: { ...before.families, [family]: state } }] as const;
    });
}

/** A node that has only the default IPv4 rules, so that local and main are one table. */
function plainNode({ families, ...state }: NodeState): NodeState {
  const own = [100, 101, 102].map((id) => families[4].tables.get(id));
  const ids = [255, 254, 253];
  const rule = (priority: number, id: number): Rule => ({
    family: 4,
    not: false,
    priority,
    action: { type: "lookup", table: { id } },
    place: { file: "", start: 0, end: 0 },
    incomplete: false,
  });
  const tables = own.flatMap((table, at) => (table ? [{ ...table, id: ids[at] ?? 0 }] : []));
  return {
    ...state,
    families: {
      ...families,
      4: {
        ...families[4],
        rules: [rule(0, 255), rule(32766, 254), rule(32767, 253)],
        tables: new Map(tables.map((table) => [table.id, table])),
      },
    },
  };
}

/** Asserts that `asked`, and the examples of the regions, lie in a region if and only if their answers differ. */
function assertExact(before: NodeState, after: NodeState, family: Family, asked: readonly Flow[]): void {
  const { regions, complete } = changedRegions(before, after, family);
  assert.ok(complete);
  const named = new Set(
    [before, after].flatMap(({ families }) => families[family].rules?.map(({ oif }) => oif?.name) ?? []),
  );
  for (const flow of [...asked, ...regions.map((region) => region.flow)]) {
    if (flow.oif !== null && !named.has(flow.oif)) continue;
    const first = decide(fibOf(before, family), flow);
    const second = decide(fibOf(after, family), flow);
    const holding = regions.filter((region) => regionHolds(region, flow));
    assert.equal(
      holding.length,
      sameOutcome(first, second) ? 0 : 1,
      `${flowWords(flow)} tunnel ${flow.tunId}: ${wordsForDecision(first)}, then ${wordsForDecision(second)}`,
    );
  }
}

for (const family of [4, 6] as const) {
  describe(`Changed regions, IPv${family}`, function () {
    this.timeout(60_000);
    it("hold every flow whose answer changed, and no other", () => {
      fc.assert(
        fc.property(
          mixed(family),
          fc.array(flows(family).map(existing), { minLength: 20, maxLength: 20 }),
          ([before, after], asked) => assertExact(before, after, family, asked),
        ),
        { numRuns: 200 },
      );
    });

    it("are none between a state and itself, or its copy", () => {
      fc.assert(
        fc.property(nodes(family), (state) => {
          const copy = structuredClone(state);
          assert.deepEqual(changedRegions(state, state, family), { regions: [], untold: 0, complete: true });
          assert.deepEqual(changedRegions(state, copy, family), { regions: [], untold: 0, complete: true });
        }),
        { numRuns: 40 },
      );
    });
  });
}

describe("Changed regions of nodes with only the default rules", function () {
  this.timeout(60_000);

  it("hold every flow whose answer changed, also when the first own rule comes", () => {
    fc.assert(
      fc.property(
        nodes(4),
        nodes(4),
        fc.boolean(),
        fc.array(flows(4).map(existing), { minLength: 20, maxLength: 20 }),
        (one, other, splits, asked) => {
          const before = plainNode(one);
          const [first] = other.families[4].rules ?? [];
          const after = splits && first ? addRule(before, { ...first, priority: 100 }) : plainNode(other);
          assertExact(before, after, 4, asked);
          assertExact(after, before, 4, asked);
        },
      ),
      { numRuns: 150 },
    );
  });
});

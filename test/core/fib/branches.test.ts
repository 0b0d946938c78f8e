import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compileFib } from "../../../server/src/core/fib/compileFib.js";
import { decide } from "../../../server/src/core/fib/decide.js";
import type { Decision } from "../../../server/src/core/fib/decision.js";
import type { Flow } from "../../../server/src/core/fib/flow.js";
import { lookup } from "../../../server/src/core/fib/lookup.js";
import type { Family } from "../../../server/src/core/net/address.js";
import { flows, nodes } from "./arbitraryNode.js";

const openable = ["iif", "fwmark", "tos", "uid", "ipproto", "sport", "dport", "tunId"] as const;
const families = fc.constantFrom<Family>(4, 6);

/** What a decision comes to, without how it got there. */
function outcome(decision: Decision): unknown {
  switch (decision.type) {
    case "route":
      return [decision.rule.priority, decision.table.id, decision.route, decision.nexthops];
    case "error":
      return [decision.error, decision.rule?.priority, decision.route];
    case "missing":
      return [decision.missing, decision.rule?.priority];
    case "branch":
      return [decision.condition, outcome(decision.ifMet), outcome(decision.ifNot)];
  }
}

/** Whether a flow fulfils a condition, read from its words. */
function fulfils(condition: string, flow: Flow): boolean {
  const [, field = "", mask, value = "", range] =
    /^(\w+)(?: & (0x[0-9a-f]+))? (?:= (\S+)|in (\d+-\d+))$/.exec(condition) ?? assert.fail(`unread: ${condition}`);
  if (field === "iif") return flow.iif === value;
  if (field === "tun_id") return flow.tunId === BigInt(value);
  const actual = Number(flow[field as keyof Flow]);
  const [first = 0, last = 0] = range?.split("-").map(Number) ?? [];
  if (range) return first <= actual && actual <= last;
  return (actual & Number(mask ?? "0xffffffff")) === Number(value);
}

/** The answer of a branched decision for a flow of which everything is known. */
function follow(decision: Decision, flow: Flow): Decision {
  if (decision.type !== "branch") return decision;
  return follow(fulfils(decision.condition, flow) ? decision.ifMet : decision.ifNot, flow);
}

/** Conditions on the way to each answer, with whether they hold there. */
function paths(decision: Decision, way: readonly string[] = []): string[][] {
  if (decision.type !== "branch") return [[...way]];
  const { condition, ifMet, ifNot } = decision;
  return [...paths(ifMet, [...way, `${condition}: yes`]), ...paths(ifNot, [...way, `${condition}: no`])];
}

const cases = families.chain((family) => fc.tuple(nodes(family), flows(family), fc.subarray([...openable])));

describe("Open fields", () => {
  it("branch to what the look-up of the closed flow says", () => {
    fc.assert(
      fc.property(cases, ([state, flow, open]) => {
        const fib = compileFib(state, flow.family);
        const opened = { ...flow, ...Object.fromEntries(open.map((field) => [field, undefined])) } as Flow;
        assert.deepEqual(outcome(follow(lookup(fib, opened), flow)), outcome(lookup(fib, flow)));
      }),
      { numRuns: 1500 },
    );
  });

  it("tell a packet of the node itself from one that came in, where the device binds", () => {
    const place = { file: "", start: 0, end: 0 };
    const dst = { family: 6 as const, value: 1n };
    const route = {
      family: 6 as const,
      type: "unicast" as const,
      dst: { ...dst, value: 0n, length: 0 },
      nexthops: [{ dev: "v0", flags: [] }],
      table: { id: 100 },
      place,
    };
    const rule = {
      family: 6 as const,
      not: false,
      priority: 0,
      action: { type: "lookup" as const, table: { id: 100 } },
      place,
      incomplete: false,
    };
    const [state] = fc.sample(nodes(6), { numRuns: 1, seed: 1 });
    const [flow] = fc.sample(flows(6), { numRuns: 1, seed: 1 });
    assert.ok(state && flow);
    const tables = new Map([[100, { id: 100, routes: [route], origin: "dumped" as const, exact: true }]]);
    const families = { ...state.families, 6: { ...state.families[6], rules: [rule], tables } };
    const asked = { ...flow, dst, src: null, oif: null };
    const answer = lookup(compileFib({ ...state, families }, 6), { ...asked, iif: undefined });
    const types = ["lo", "v0", "v1"].map((iif) => follow(answer, { ...asked, iif }).type);
    assert.deepEqual(types, ["route", "route", "error"]);
  });

  it("never ask the same question twice on one way", () => {
    fc.assert(
      fc.property(cases, ([state, flow, open]) => {
        const opened = { ...flow, ...Object.fromEntries(open.map((field) => [field, undefined])) } as Flow;
        for (const way of paths(lookup(compileFib(state, flow.family), opened))) {
          const asked = way.map((step) => step.replace(/: (?:yes|no)$/, ""));
          assert.equal(new Set(asked).size, asked.length, way.join(", "));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("give decide() the same answer as lookup()", () => {
    fc.assert(
      fc.property(cases, ([state, flow, open]) => {
        const fib = compileFib(state, flow.family);
        const opened = { ...flow, ...Object.fromEntries(open.map((field) => [field, undefined])) } as Flow;
        const quick = decide(fib, opened);
        assert.deepEqual(outcome(quick), outcome(lookup(fib, opened)));
        assert.equal(quick.considered.length, 0);
      }),
      { numRuns: 1000 },
    );
  });

  it("are bounded in number", () => {
    // Each rule jumps over the next one or does not, so that the ways grow like Fibonacci's numbers.
    const rules = Array.from({ length: 20 }, (_, at) => ({
      family: 4 as const,
      not: false,
      priority: at,
      fwmark: { value: 1 << at, mask: 1 << at },
      action: { type: "goto" as const, target: at + 2, unresolved: false },
      place: { file: "", start: 0, end: 0 },
      incomplete: false,
    }));
    const [state] = fc.sample(nodes(4), { numRuns: 1, seed: 1 });
    const [flow] = fc.sample(flows(4), { numRuns: 1, seed: 1 });
    assert.ok(state && flow);
    const families = { ...state.families, 4: { ...state.families[4], rules } };
    const answer = lookup(compileFib({ ...state, families }, 4), { ...flow, fwmark: undefined });
    const ways = paths(answer);
    assert.ok(ways.length === 257, `${ways.length} ways`);
  });
});

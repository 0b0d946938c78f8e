import assert from "node:assert/strict";
import * as fc from "fast-check";
import { compileFib, type Fib } from "../../../../server/src/core/fib/compileFib.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import { type Flow, protocolsWithPorts } from "../../../../server/src/core/fib/flow.js";
import { lookup } from "../../../../server/src/core/fib/lookup.js";
import { buildRuleIndex } from "../../../../server/src/core/fib/reach/ruleIndex.js";
import { type RuleReach, reachContext, ruleReach } from "../../../../server/src/core/fib/reach/ruleReach.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import { printRule } from "../../../../server/src/core/iproute/printRule.js";
import type { Family } from "../../../../server/src/core/net/address.js";
import { addressKind } from "../../../../server/src/core/net/addressKind.js";
import { removeRule } from "../../../../server/src/core/state/editRules.js";
import { flows, nodes } from "../arbitraryNode.js";

function reaches(fib: Fib): RuleReach[] {
  const rules = fib.rules ?? [];
  const context = reachContext(fib, buildRuleIndex(rules, fib.family));
  return rules.map((_, at) => ruleReach(context, at));
}

/** What a packet can be: one that came in has no socket, and only some protocols have ports. */
function real(flow: Flow): Flow {
  const incoming = flow.iif !== "lo" && (flow.src !== null || flow.family === 4);
  const ports = flow.ipproto !== undefined && protocolsWithPorts.has(flow.ipproto);
  return {
    ...flow,
    ...(incoming ? { uid: 0, oif: null } : { iif: "lo", tunId: 0n }),
    ...(ports ? {} : { sport: 0, dport: 0 }),
  };
}

/** Whether the walk came by the rule and it matched, by the look-up that tells every step. */
function comesTo(fib: Fib, flow: Flow, at: number): boolean {
  const rule = fib.rules?.[at]?.rule;
  const considered = lookup(fib, flow).considered.find((each) => each.rule === rule);
  return (
    considered !== undefined && considered.verdict.type !== "not-matched" && considered.verdict.type !== "jumped-over"
  );
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 100);

describe("The reach of rules", () => {
  for (const family of [4, 6] as Family[]) {
    const cases = fc.tuple(nodes(family), fc.array(flows(family).map(real), { minLength: 150, maxLength: 150 }));

    it(`is what walking many flows shows, for IPv${family}`, () => {
      const counts = { reached: 0, unreachable: 0, unmatchable: 0, unknown: 0 };
      fc.assert(
        fc.property(cases, ([state, tried]) => {
          const fib = compileFib(state, family);
          for (const [at, reach] of reaches(fib).entries()) {
            counts[reach.type]++;
            const rule = fib.rules?.[at]?.rule;
            const words = `${at} ${rule && printRule(rule)} is ${reach.type}`;
            if (reach.type === "reached" && lookup(fib, reach.flow).type !== "missing") {
              assert.ok(comesTo(fib, reach.flow, at), `${words} by ${show(reach.flow)}`);
            }
            if (reach.type === "reached" || reach.type === "unknown") continue;
            const without = rule && compileFib(removeRule(state, rule), family);
            const others = reach.type === "unreachable" ? reach.flows : [];
            for (const flow of [...tried, ...others]) {
              // What the reach leaves out: bound sockets, unless the rule asks for them, and destinations with rules of their own.
              if (flow.oif !== null && (!rule?.oif || rule.not)) continue;
              if (family === 6 && addressKind(flow.dst) !== "unicast") continue;
              const taken = comesTo(fib, flow, at);
              assert.ok(!taken || lookup(fib, flow).type === "missing", `${words}, and met by ${show(flow)}`);
              const isTarget = fib.rules?.some(({ target }) => target === at);
              if (without && !isTarget) assert.ok(sameOutcome(decide(fib, flow), decide(without, flow)), words);
            }
          }
        }),
        { numRuns: runs, endOnFailure: true },
      );
      // The rules are drawn so that each case occurs often, and the search gives up seldom.
      assert.ok(
        counts.reached > runs && counts.unreachable > runs / 6 && counts.unmatchable > 0,
        JSON.stringify(counts),
      );
      assert.ok(counts.unknown < (counts.reached + counts.unreachable) / 20, JSON.stringify(counts));
    });
  }
});

function show(flow: Flow): string {
  return JSON.stringify(flow, (_, value) => (typeof value === "bigint" ? `${value}` : value));
}

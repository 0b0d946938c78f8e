import type { CaseNode } from "../case/case.js";
import { decide } from "../fib/decide.js";
import { exampleAddress, flowsMatching } from "../fib/exampleFlows.js";
import { fibOf } from "../fib/fibOf.js";
import type { Finding } from "../findings/finding.js";
import type { Family } from "../net/address.js";
import { reservedTables } from "../state/nodeState.js";
import { anywhere } from "./anywhere.js";
import type { Goal, Target } from "./candidate.js";
import { ruleForAll } from "./candidates/ruleFor.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";

/** Where the kernel puts `lookup main` (net/ipv4/fib_rules.c: fib_default_rules_init). */
const usualPriority = 32766;

/** Routes that the proof shows; the others are found in the same way. */
const shownRoutes = 3;

/** A node without `lookup main` gets the rule back where the kernel makes it. */
export function fixNoMainRule({ state }: CaseNode, finding: Finding, family: Family): Fix[] {
  const unicast = (state.families[family].tables.get(reservedTables.main)?.routes ?? []).filter(
    ({ type }) => type === "unicast",
  );
  // The default route last: an address that no other route covers makes a poor example.
  const routes = [...unicast].sort((a, b) => Number(a.dst.length === 0) - Number(b.dst.length === 0));
  const rule = ruleForAll(family, usualPriority, { id: reservedTables.main, name: "main" });
  const prefixes = routes.map(({ dst }) => dst);
  const targets = routes.slice(0, shownRoutes).flatMap(({ dst }): Target[] => {
    const address = dst.length === 0 ? anywhere[family] : exampleAddress(dst, prefixes);
    const flow = address && flowsMatching(rule, address, state).at(-1);
    if (!flow) return [];
    return [
      {
        flow,
        ask: (asked) => decide(fibOf(asked, family), flow),
        isRepaired: (after) => after.type === "route" && after.table.id === reservedTables.main,
      },
    ];
  });
  const goal: Goal = {
    purpose: "repair",
    targets,
    natural: state,
    asksFor: { rule: (asked) => asked === rule },
    isWanted: ({ after }) => (after.type === "route" || after.type === "error") && after.rule === rule,
  };
  return simulateAll(state, finding, goal, [
    {
      kind: "add-main",
      title: `Look up table main at priority ${usualPriority}`,
      changes: [{ type: "add-rule", rule }],
      notes: [`Priority ${usualPriority} is where the kernel puts it when the network is set up.`],
    },
  ]);
}

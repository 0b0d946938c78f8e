import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { causeLines, diffGroups } from "../../../server/src/core/explain/finding/explainDiff.js";
import { compareNodes } from "../../../server/src/core/findings/changes/nodeDifference.js";
import { printRule } from "../../../server/src/core/iproute/printRule.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import type { Rule } from "../../../server/src/core/iproute/rule.js";
import { addRoute, removeRoute } from "../../../server/src/core/state/editRoutes.js";
import { addRule, removeRule } from "../../../server/src/core/state/editRules.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";
import type { NodeState } from "../../../server/src/core/state/nodeState.js";
import { routeKey } from "../../../server/src/core/state/routeChanges.js";
import { isUnchanged, stateChanges } from "../../../server/src/core/state/stateChanges.js";
import { nodes } from "../fib/arbitraryNode.js";

const rulesOf = (state: NodeState): readonly Rule[] => state.families[4].rules ?? [];
const ruleLines = (state: NodeState): string[] => rulesOf(state).map(printRule);

function routeLines(state: NodeState): string[] {
  return [...state.families[4].tables.values()]
    .flatMap(({ id, routes }) => routes.map((route) => `${id} ${routeKey(route)}`))
    .sort();
}

/** The node after some commands, as the kernel obeys them: a rule that is added stands behind those of its priority. */
const edited = fc
  .tuple(nodes(4), nodes(4), fc.array(fc.tuple(fc.nat(3), fc.nat(20), fc.nat(3)), { maxLength: 8 }))
  .map(([before, other, commands]) => {
    const few = {
      ...before,
      families: {
        ...before.families,
        4: { ...before.families[4], rules: rulesOf(before).map((rule, at) => ({ ...rule, priority: at >> 1 })) },
      },
    };
    const after = commands.reduce((state, [verb, which, priority]) => {
      const own = rulesOf(state)[which % Math.max(1, rulesOf(state).length)];
      const strange = rulesOf(other)[which % Math.max(1, rulesOf(other).length)];
      const table = [...other.families[4].tables.values()][priority % 3];
      const route = table?.routes[which % Math.max(1, table.routes.length)];
      const kept = [...state.families[4].tables.values()][priority % 3]?.routes[0];
      if (verb === 0 && own) return removeRule(state, own);
      if (verb === 1 && own) return addRule(removeRule(state, own), { ...own });
      if (verb === 2 && strange) return addRule(state, { ...strange, priority });
      const more = route ? addRoute(state, { ...route }) : state;
      return kept ? removeRoute(more, kept) : more;
    }, few as NodeState);
    return [few as NodeState, after] as const;
  });

/**
 * Makes the changes with the functions that edit states. A new rule before one of its own priority means that this one was added once
 * more behind it.
 */
function apply(before: NodeState, after: NodeState): NodeState {
  const { rules, tables } = stateChanges(before, after);
  const { gone = [], come = [], moved = [] } = rules[4] ?? {};
  const added = new Set([...come, ...moved.map((pair) => pair.after)]);
  const lost = [...gone, ...moved.map((pair) => pair.before)].reduce(removeRule, before);
  const withRules = rulesOf(after).reduce((state, rule, at) => {
    if (added.has(rule)) return addRule(state, rule);
    const kept = rulesOf(state).find((other) => printRule(other) === printRule(rule));
    const follows = rulesOf(after)
      .slice(0, at)
      .some((other) => other.priority === rule.priority && added.has(other));
    return kept && follows ? addRule(removeRule(state, kept), kept) : state;
  }, lost);
  const routesGone = tables.flatMap((each) => each.gone);
  return tables.flatMap((each) => each.come).reduce(addRoute, routesGone.reduce(removeRoute, withRules));
}

/** The cases of the drawing: name, the earlier and the later text, and what differs. */
function drawnCases() {
  return readFileSync(join("test", "fixtures", "state", "changes.txt"), "utf8")
    .replaceAll("→", "\t")
    .split(/^=== /m)
    .slice(1)
    .map((part) => {
      const [head = "", expected = ""] = part.split(/^>>>\n/m);
      const [name = "", before = "", after = ""] = head.split(/^---.*\n/m);
      return { name: name.trim(), before, after, expected: expected.trimEnd() };
    });
}

describe("Changes of a state", () => {
  it("are none between a state and itself, or its copy", () => {
    fc.assert(
      fc.property(nodes(4), (state) => {
        assert.ok(isUnchanged(stateChanges(state, state)));
        assert.ok(isUnchanged(stateChanges(state, structuredClone(state))));
      }),
    );
  });

  it("make of the earlier state the later one", () => {
    fc.assert(
      fc.property(edited, ([before, after]) => {
        const made = apply(before, after);
        assert.deepEqual(ruleLines(made), ruleLines(after));
        assert.deepEqual(routeLines(made), routeLines(after));
      }),
    );
  });

  for (const { name, before, after, expected } of drawnCases()) {
    it(name, () => {
      const state = (file: string, text: string) => mergeNode("node", [readTranscript(file, text)]);
      const difference = compareNodes(state("before", before), state("after", after));
      const lines = [
        ...diffGroups(difference).flatMap(({ title, lines: list }) => [
          title,
          ...list.map(({ sign, text, owner }) => `  ${sign} ${text}${owner === undefined ? "" : ` [${owner}]`}`),
        ]),
        ...(difference.changes.unknown.length > 0 ? [`unknown: ${difference.changes.unknown.join(", ")}`] : []),
        ...causeLines(difference)
          .slice(1)
          .filter((line) => !line.startsWith("    "))
          .map((line) => `who: ${line.trim().split(": ")[0]}`),
      ];
      assert.equal(lines.join("\n"), expected);
    });
  }
});

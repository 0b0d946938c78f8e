import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Analysis, analyse } from "../../../server/src/core/analyse.js";
import { buildCase, type CaseNode } from "../../../server/src/core/case/case.js";
import { type ReadFile, readFile } from "../../../server/src/core/case/readFile.js";
import { rereadFile } from "../../../server/src/core/case/rereadFile.js";
import { reachesInOrder } from "../../../server/src/core/fib/reach/reachesOf.js";
import { unreachableRule } from "../../../server/src/core/findings/rules/unreachableRule.js";
import { shadowsIn } from "../../../server/src/core/findings/shadowing/shadowsIn.js";
import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { noteEarlier } from "../../../server/src/core/state/earlierState.js";
import { drawnDumps, drawnNodes, drawnRoutes, drawnRules, podRoutes, podRules } from "./drawnDump.js";

/** One line of a dump replaced, deleted or added. */
interface Edit {
  readonly at: number;
  readonly gone: 0 | 1;
  readonly come: readonly string[];
}

function edits(...come: readonly fc.Arbitrary<string>[]): fc.Arbitrary<Edit[]> {
  const edit = fc.record({
    at: fc.nat(),
    gone: fc.constantFrom<0 | 1>(0, 1),
    come: fc.array(fc.oneof(...come), { maxLength: 1 }),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 });
}

/** Applied to the list that the new line belongs to, so that most edits keep a dump a dump. */
function apply(lines: readonly string[], { at, gone, come }: Edit): string[] {
  const heading = lines.findLastIndex((line) => line.startsWith("$"));
  const isRule = come[0] === undefined ? at % 2 === 0 : /^\d+:/.test(come[0]);
  const [first, last] = isRule ? [2, heading - 2] : [heading + 1, lines.length - 2];
  const place = first + (last > first ? at % (last - first) : 0);
  const changed = lines.toSpliced(place, gone, ...come);
  if (!isRule) return changed;
  const rules = changed.slice(1, changed.lastIndexOf("$ ip route show table all"));
  const sorted = rules.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
  return changed.toSpliced(1, rules.length, ...sorted);
}

function read(text: string): ReadFile {
  return readFile({ file: "node.txt", text });
}

/** Everything that findings say, and what their fixes need of them. */
function told({ nodes }: Analysis): unknown {
  return nodes.map((node) => node.findings.map(({ finding }) => finding));
}

const runs = Number(process.env.PACKETWALK_RUNS ?? 20);

describe("A dump that is edited", function () {
  this.timeout(60_000);

  function holds(dumps: fc.Arbitrary<string[]>, lists: fc.Arbitrary<Edit[]>, numRuns: number): void {
    let quick = 0;
    let slow = 0;
    fc.assert(
      fc.property(dumps, lists, (drawn, list) => {
        let lines = drawn;
        let file = read(lines.join("\n"));
        let analysis = analyse([file]);
        for (const edit of list) {
          lines = apply(lines, edit);
          const text = lines.join("\n");
          const again = rereadFile(file, text);
          if (again) quick++;
          else slow++;
          file = again ?? read(text);
          analysis = analyse([file], { before: analysis });
          assert.deepEqual(told(analysis), told(analyse([read(text)])));
        }
      }),
      { numRuns, endOnFailure: true },
    );
    assert.ok(quick > slow, `${quick} edits were read by their lines, ${slow} by the whole text`);
  }

  it("has the findings that it would have if it were read for the first time", () => {
    holds(drawnDumps, edits(drawnRules, drawnRoutes), runs);
  });

  it("has them also where many rules and routes are alike", () => {
    holds(drawnNodes, edits(drawnRules, drawnRoutes, podRules, podRoutes), runs);
  });

  it("has them also without any one of its rules", () => {
    fc.assert(
      fc.property(drawnDumps, (lines) => {
        const whole = read(lines.join("\n"));
        const analysis = analyse([whole]);
        for (let at = 2; lines[at]?.startsWith("32766:") === false; at++) {
          const text = lines.toSpliced(at, 1).join("\n");
          const again = rereadFile(whole, text) ?? read(text);
          assert.deepEqual(told(analyse([again], { before: analysis })), told(analyse([read(text)])));
        }
      }),
      { numRuns: Math.ceil(runs / 2), endOnFailure: true },
    );
  });
});

/** What is found out rule by rule: which are reached, which take packets away from routes, and what is said of those that are not reached. */
function verdicts(node: CaseNode): unknown {
  const shadows = shadowsIn(node.state, 4).map(({ losses, ...shadow }) => ({
    ...shadow,
    // Of a route that was read before the edit only the place may be another.
    losses: losses.map(({ route, ...loss }) => ({ ...loss, route: printRoute(route) })),
  }));
  return { reaches: reachesInOrder(node.state, 4), shadows, unreachable: unreachableRule.check(node) };
}

function nodeOf(file: ReadFile): CaseNode {
  const [node] = buildCase([file]).nodes;
  assert.ok(node);
  return node;
}

describe("The node of a dump that is edited", function () {
  this.timeout(60_000);

  it("tells of each rule what it would tell without the earlier one", () => {
    const someDumps = fc.oneof(drawnDumps, drawnNodes);
    const wideRoutes = fc
      .tuple(fc.constantFrom("default", "0.0.0.0/1", "10.0.0.0/8"), fc.constantFrom("5", "6", "7", "main"))
      .map((words) => `${words.join(" via 192.0.2.2 dev eth0 table ")}`);
    const lists = edits(drawnRules, drawnRoutes, podRules, podRoutes, wideRoutes);
    fc.assert(
      fc.property(someDumps, lists, (drawn, list) => {
        let lines = drawn;
        let file = read(lines.join("\n"));
        let node = nodeOf(file);
        verdicts(node);
        for (const edit of list) {
          lines = apply(lines, edit);
          const text = lines.join("\n");
          file = rereadFile(file, text) ?? read(text);
          const later = nodeOf(file);
          noteEarlier(later.state, node.state);
          node = later;
          assert.deepEqual(verdicts(node), verdicts(nodeOf(read(text))));
        }
      }),
      { numRuns: 5 * runs, endOnFailure: true },
    );
  });
});

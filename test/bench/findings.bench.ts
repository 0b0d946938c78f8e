import { type Analysis, analyse } from "../../server/src/core/analyse.js";
import { type ReadFile, readFile } from "../../server/src/core/case/readFile.js";
import { rereadFile } from "../../server/src/core/case/rereadFile.js";
import { dumpKinds, editedDump, madeDump } from "./madeDump.js";

/**
 * How long reading a dump and all findings about it take, by the number of rules and routes: for a large node in order, for one on which
 * every pod's rule leads astray, and for one whose rules all stand behind another. Then, for each, after one rule was edited, and one
 * route; the line gets longer, so that all behind it moves. By the clock, so the machine is to be idle; prints, asserts nothing.
 */
const goals = `Goals for 5 000 rules and 10 000 routes: analysed in 200 ms, and twice as many in 2.3 times as long; after an edit in 20 ms.
In the editor: read and analysed in 50 ms, after an edit in 10 ms.`;

/** One reading or analysis, and what it took. */
interface Timed<T> {
  readonly result: T;
  readonly spent: number;
}

function timed<T>(run: () => T): Timed<T> {
  globalThis.gc?.();
  const begin = performance.now();
  const result = run();
  return { result, spent: performance.now() - begin };
}

interface Edited {
  readonly read: number;
  readonly analysed: number;
}

function timeOfEdit(file: ReadFile, before: Analysis, what: "rule" | "route", round: number): Edited {
  const text = editedDump(file.text, what, round);
  const again = timed(() => rereadFile(file, text) ?? readFile({ file: file.file, text }));
  return { read: again.spent, analysed: timed(() => analyse([again.result], { before })).spent };
}

function median(numbers: readonly number[]): string {
  return (numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(0).padStart(7);
}

const rounds = 7;

console.log(goals);
console.log(
  "kind           rules   routes  findings    read analysed   after a rule: read analysed   after a route: read analysed   (ms)",
);
for (const kind of dumpKinds) {
  for (const rules of [5_000, 10_000]) {
    const spent: Record<"read" | "analysed", number[]> = { read: [], analysed: [] };
    const edits: Record<"rule" | "route", Edited[]> = { rule: [], route: [] };
    let found = 0;
    const text = madeDump(kind, rules);
    for (let round = 0; round < rounds; round++) {
      // Read anew each time: what was found out about a rule is kept with it.
      const { result: file, spent: read } = timed(() => readFile({ file: "node.txt", text }));
      const { result: analysis, spent: analysed } = timed(() => analyse([file]));
      found = analysis.nodes.reduce((sum, { findings }) => sum + findings.length, 0);
      spent.read.push(read);
      spent.analysed.push(analysed);
      for (const what of ["rule", "route"] as const) edits[what].push(timeOfEdit(file, analysis, what, round));
    }
    const { rule, route } = edits;
    const columns = [rule, route].map((list) =>
      [list.map((each) => each.read), list.map((each) => each.analysed)].map(median).join("  "),
    );
    console.log(
      `${kind.padEnd(12)} ${`${rules}`.padStart(7)} ${`${2 * rules}`.padStart(8)} ${`${found}`.padStart(9)} ${median(spent.read)}  ${median(spent.analysed)}   ${columns.map((column) => column.padStart(26)).join("   ")}`,
    );
  }
}

import { type Analysis, analyse } from "../../server/src/core/analyse.js";
import { type ReadFile, readFile } from "../../server/src/core/case/readFile.js";
import { rereadFile } from "../../server/src/core/case/rereadFile.js";

/**
 * How long reading a dump and all findings about it take, by the number of rules and routes: for a large node in order, for one on which
 * every pod's rule leads astray, and for one whose rules all stand behind another. Then, for each, after one rule was edited, and one
 * route; the line gets longer, so that all behind it moves. Processor time, which other processes on the machine and the compiler's and
 * the collector's threads add to; prints, asserts nothing.
 */
const goals = `Goals for 5 000 rules and 10 000 routes: analysed in 200 ms, and twice as many in 2.3 times as long; after an edit in 20 ms.
In the editor: read and analysed in 50 ms, after an edit in 10 ms.`;

const kinds = ["in order", "astray", "behind one"] as const;

function address(at: number): string {
  return `10.${(at >> 14) & 255}.${(at >> 6) & 255}.${(at & 63) * 4}`;
}

/** A node with pods behind devices of their own, whose packets leave by one of ten interfaces. Twice as many routes as rules. */
function dump(kind: (typeof kinds)[number], rules: number): string {
  const lines = ["$ ip rule", "0: from all lookup local"];
  const count = kind === "in order" ? rules / 2 : rules;
  if (kind === "in order") for (let at = 0; at < count; at++) lines.push(`512: from all to ${address(at)} lookup main`);
  if (kind === "behind one") lines.push("1000: from 10.0.0.0/8 lookup 2");
  for (let at = 0; at < count; at++) lines.push(`1536: from ${address(at)} lookup ${2 + (at % 10)}`);
  lines.push("32766: from all lookup main", "32767: from all lookup default", "$ ip route show table all");
  for (let table = 2; table < 12; table++) lines.push(`default via 192.0.2.1 dev eth${table} table ${table}`);
  const pods = kind === "in order" ? count : 2 * rules;
  for (let at = 0; at < pods; at++) lines.push(`${address(at)} dev eni${(0x10000000000 + at).toString(16)} scope link`);
  for (let at = pods; at < 2 * rules; at++) lines.push(`${address(at)} via 192.0.2.${2 + (at % 9)} dev eth0`);
  lines.push("default via 192.0.2.1 dev eth0", "local 192.0.2.10 dev eth0 table local scope host");
  return lines.join("\n");
}

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** One reading or analysis, and what it took. */
interface Timed<T> {
  readonly result: T;
  readonly spent: number;
}

function timed<T>(run: () => T): Timed<T> {
  globalThis.gc?.();
  const begin = processorTime();
  const result = run();
  return { result, spent: processorTime() - begin };
}

/** The text after a line in the middle of its rules, or of its routes, was edited. */
function edited(text: string, what: "rule" | "route", round: number): string {
  const lines = text.split("\n");
  const heading = lines.lastIndexOf("$ ip route show table all");
  const at = what === "rule" ? Math.floor(0.7 * heading) + round : Math.floor((heading + lines.length) / 2) + round;
  const line = lines[at] ?? "";
  lines[at] = what === "rule" ? line.replace("from 10.", "from 100.") : `${line} metric 100`;
  return lines.join("\n");
}

interface Edited {
  readonly read: number;
  readonly analysed: number;
}

function timeOfEdit(file: ReadFile, before: Analysis, what: "rule" | "route", round: number): Edited {
  const text = edited(file.text, what, round);
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
for (const kind of kinds) {
  for (const rules of [5_000, 10_000]) {
    const spent: Record<"read" | "analysed", number[]> = { read: [], analysed: [] };
    const edits: Record<"rule" | "route", Edited[]> = { rule: [], route: [] };
    let found = 0;
    const text = dump(kind, rules);
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

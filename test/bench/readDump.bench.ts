import { buildCase } from "../../server/src/core/case/case.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { rereadFile } from "../../server/src/core/case/rereadFile.js";
import { noteEarlier } from "../../server/src/core/state/earlierState.js";
import { familyChange } from "../../server/src/core/state/familyChange.js";
import { editedDump, madeDump } from "./madeDump.js";

/**
 * How long reading a dump of 5 000 rules and 10 000 routes takes, merging it and telling it from the one before: the first time in a process,
 * and the median of seven times in a warm one; then after a rule or a route was edited so that all behind it moves, after a digit changed,
 * and while a rule is being typed and can't be read. Milliseconds of the processor (with the compiler's and the collector's threads) and
 * of the clock; prints, asserts nothing.
 */

interface Spent {
  readonly cpu: number;
  readonly wall: number;
}

const spent = new Map<string, Spent[]>();

function timed<T>(what: string, run: () => T): T {
  const usage = process.cpuUsage();
  const begin = performance.now();
  const result = run();
  const wall = performance.now() - begin;
  const { user, system } = process.cpuUsage(usage);
  spent.set(what, [...(spent.get(what) ?? []), { cpu: (user + system) / 1000, wall }]);
  return result;
}

/** The text after another digit of an address. */
function withOtherDigit(text: string): string {
  const at = text.indexOf("from 10.", text.length >> 3);
  return `${text.slice(0, at)}from 20.${text.slice(at + 8)}`;
}

/** The text while the last part of an address is being typed. */
function halfTyped(text: string): string {
  const end = text.indexOf(" lookup", text.length >> 3);
  return text.slice(0, text.lastIndexOf(".", end) + 1) + text.slice(end);
}

const text = madeDump("in order", 5_000);
const edits = {
  "a longer rule": (round: number) => editedDump(text, "rule", round),
  "a longer route": (round: number) => editedDump(text, "route", round),
  "another digit": () => withOtherDigit(text),
  "a rule half typed": () => halfTyped(text),
};

for (let round = 0; round < 8; round++) {
  const file = timed("reading", () => readFile({ file: "node.txt", text }));
  const before = timed("merging", () => buildCase([file]));
  for (const [name, edit] of Object.entries(edits)) {
    const edited = edit(round);
    const again = timed(`${name}: reading`, () => rereadFile(file, edited));
    if (!again) throw new Error(`${name}: all of it has to be read again`);
    const after = timed(`${name}: merging`, () => buildCase([again]));
    const [old, now] = [before.nodes[0]?.state, after.nodes[0]?.state];
    if (!old || !now) throw new Error("The dump was not read.");
    noteEarlier(now, old);
    timed(`${name}: difference`, () => familyChange(now, 4));
  }
}

const middle = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
const shown = (milliseconds: number) => milliseconds.toFixed(1).padStart(9);
console.log(`${"".padEnd(32)}    first: cpu, clock   warm: cpu, clock   (ms)`);
for (const [what, [first, ...warm]] of spent) {
  const columns = [
    first?.cpu ?? 0,
    first?.wall ?? 0,
    middle(warm.map(({ cpu }) => cpu)),
    middle(warm.map(({ wall }) => wall)),
  ];
  console.log(`${what.padEnd(32)} ${columns.map(shown).join(" ")}`);
}

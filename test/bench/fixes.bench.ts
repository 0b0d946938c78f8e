import { analyse, type NodeAnalysis } from "../../server/src/core/analyse.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { groupBy } from "../../server/src/core/findings/groupBy.js";
import { fixesFor } from "../../server/src/core/fixes/registry.js";
import { madeDump } from "./madeDump.js";
import { tenantDump } from "./tenantDump.js";

/**
 * How long it takes to work out all fixes of one finding on large nodes, side effects and all. Each finding is asked for on a node that was
 * read and analysed anew, so that nothing is left over from the one before, and then once more. Processor time; prints, asserts nothing.
 */
const goals = `Goals: 100 ms for 5 000 rules and 10 000 routes, 1 s for 3 000 rules by source over 200 tables.`;

/** So many findings of each code are measured, evenly spread. */
const measured = 5;

function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function read(text: string): NodeAnalysis {
  const [node] = analyse([readFile({ file: "node.txt", text })]).nodes;
  if (!node) throw new Error("The dump is of no node.");
  return node;
}

function median(numbers: readonly number[]): string {
  return (numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(0).padStart(8);
}

const nodes = {
  "in order, 5 000 rules": madeDump("in order", 5_000),
  "astray, 5 000 rules": madeDump("astray", 5_000),
  "behind one, 5 000 rules": madeDump("behind one", 5_000),
  "tenants, 500 rules": tenantDump(500, 50),
  "tenants, 3 000 rules": tenantDump(3_000, 200),
};

console.log(goals);
console.log("node                      finding               findings    fixes    median      most     again   (ms)");
for (const [name, text] of Object.entries(nodes)) {
  const { findings } = read(text);
  for (const [code, { length: count }] of groupBy(findings, ({ finding }) => finding.code)) {
    const spent: Record<"first" | "again", number[]> = { first: [], again: [] };
    const found: number[] = [];
    for (let round = 0; round < Math.min(measured, count); round++) {
      const analysis = read(text);
      const ofCode = analysis.findings.filter(({ finding }) => finding.code === code);
      const { finding } = ofCode[Math.floor((round * count) / measured)] ?? {};
      if (!finding) continue;
      for (const times of [spent.first, spent.again]) {
        globalThis.gc?.();
        const begin = processorTime();
        const fixes = fixesFor(analysis.node, finding);
        times.push(processorTime() - begin);
        if (times === spent.first) found.push(fixes.length);
      }
    }
    const most = Math.max(...spent.first)
      .toFixed(0)
      .padStart(8);
    console.log(
      `${name.padEnd(25)} ${code.padEnd(22)} ${`${count}`.padStart(7)} ${median(found)}  ${median(spent.first)}  ${most}  ${median(spent.again)}`,
    );
  }
}

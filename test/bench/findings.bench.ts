import { buildCase, type CaseNode } from "../../server/src/core/case/case.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { findAll } from "../../server/src/core/findings/registry.js";
import type { Rule } from "../../server/src/core/iproute/rule.js";
import { addRule, removeRule } from "../../server/src/core/state/editRules.js";

/**
 * How long all findings about rules take, by the number of rules and routes: for a large node in order, for one on which every pod's rule
 * leads astray, and for one whose rules all stand behind another. Then, for each, after one rule was edited. Processor time; prints,
 * asserts nothing.
 */

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

function timeOf(node: CaseNode): { readonly spent: number; readonly found: number } {
  const begin = processorTime();
  const found = findAll(node).length;
  return { spent: processorTime() - begin, found };
}

/** The node after one rule in the middle of its list was given another table. */
function edited(node: CaseNode): CaseNode {
  const rules = node.state.families[4].rules ?? [];
  const rule = rules[rules.length >> 1] as Rule;
  const state = addRule(removeRule(node.state, rule), { ...rule, action: { type: "lookup", table: { id: 3 } } });
  return { ...node, state };
}

function median(numbers: readonly number[]): string {
  return (numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0).toFixed(0).padStart(6);
}

console.log("kind           rules   routes   findings   all (ms)   after an edit (ms)");
for (const kind of kinds) {
  for (const rules of [5_000, 10_000]) {
    const whole: number[] = [];
    const after: number[] = [];
    let found = 0;
    for (let round = 0; round < 5; round++) {
      // Read anew each time: what was found out about a rule is kept with it.
      const [node] = buildCase([readFile({ file: "node.txt", text: dump(kind, rules) })]).nodes;
      if (!node) throw new Error("The dump was not recognised.");
      globalThis.gc?.();
      const first = timeOf(node);
      found = first.found;
      whole.push(first.spent);
      after.push(timeOf(edited(node)).spent);
    }
    console.log(
      `${kind.padEnd(12)} ${`${rules}`.padStart(7)} ${`${2 * rules}`.padStart(8)} ${`${found}`.padStart(10)} ${median(whole)}     ${median(after)}`,
    );
  }
}

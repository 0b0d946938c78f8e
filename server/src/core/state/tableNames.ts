import { printRule } from "../iproute/printRule.js";
import type { Rule, TableRef } from "../iproute/rule.js";
import type { RuleSection, Section } from "../iproute/section.js";
import { reservedTables } from "./nodeState.js";

/**
 * The numbers of all table names that occur: the reserved ones, those of rt_tables, and those that a list with names and the same
 * list with numbers (`ip -N rule`) tell. A name without a number gets a negative stand-in of its own.
 */
export function nameTables(sections: readonly Section[]): Map<string, number> {
  const names = new Map<string, number>(Object.entries(reservedTables));
  for (const section of sections) {
    if (section.kind !== "tableNames") continue;
    for (const { id, name } of section.names) names.set(name, id);
  }
  const lists = sections.filter((section) => section.kind === "rules");
  for (const [at, left] of lists.entries()) {
    for (const right of lists.slice(at + 1)) inferNames(left, right, names);
  }
  let standIn = 0;
  forMentionedTables(sections, ({ id, name }) => {
    if (id === undefined && name !== undefined && !names.has(name)) names.set(name, --standIn);
  });
  return names;
}

/** Two lists of one family that differ in nothing but how they call tables tell the names' numbers. */
function inferNames(left: RuleSection, right: RuleSection, names: Map<string, number>): void {
  if (left.family !== right.family || left.rules.length !== right.rules.length) return;
  const pairs = left.rules.map((rule, at) => [rule, right.rules[at]] as const);
  if (!pairs.every(([a, b]) => b && withoutTable(a) === withoutTable(b))) return;
  for (const [a, b] of pairs) {
    for (const [named, numbered] of [
      [tableOf(a), tableOf(b)],
      [tableOf(b), tableOf(a)],
    ]) {
      if (named?.name === undefined || named.id !== undefined || names.has(named.name)) continue;
      if (numbered?.id !== undefined) names.set(named.name, numbered.id);
    }
  }
}

function tableOf(rule: Rule | undefined): TableRef | undefined {
  return rule?.action.type === "lookup" ? rule.action.table : undefined;
}

function withoutTable(rule: Rule): string {
  return printRule(rule.action.type === "lookup" ? { ...rule, action: { type: "lookup", table: { id: 0 } } } : rule);
}

/**
 * Calls `use` with every reference to a table in rules, routes and headings, in their order; a list of them would be as long as the dumps.
 * Rules and routes that follow one another mostly share the reference: then it is used once.
 */
export function forMentionedTables(sections: readonly Section[], use: (ref: TableRef) => void): void {
  let last: TableRef | undefined;
  const mention = (ref: TableRef) => {
    if (ref !== last) use(ref);
    last = ref;
  };
  for (const section of sections) {
    if (section.kind === "rules") {
      for (const { action } of section.rules) if (action.type === "lookup") mention(action.table);
    } else if (section.kind === "routes") {
      if (section.table) mention(section.table);
      else for (const { table } of section.routes) mention(table);
    }
  }
}

import type { Rule } from "../iproute/rule.js";
import type { Table } from "../state/nodeState.js";
import type { CompiledTable } from "./compiledTable.js";
import type { CompiledRule } from "./compileFib.js";
import type { Decision, LookupError, RuleVerdict } from "./decision.js";
import { findTable, findVrfTable, isCertain, noteEvidence, noteVrf, routeCommand, ruleCommand } from "./evidence.js";
import { matchSelector } from "./selector.js";
import { suppresses } from "./suppressor.js";
import { noMatch, type TableAnswer } from "./tableAnswer.js";
import { lookupTable4 } from "./tableLookup4.js";
import { lookupTable6 } from "./tableLookup6.js";
import {
  assume,
  failure,
  missingEvidence,
  note,
  type OpenQuestion,
  openQuestion,
  routeFound,
  type Walk,
} from "./walkState.js";

/** Lets one rule act: the end of the walk, the index of the rule to go on at, or undefined for the next one. */
export function takeStep(walk: Walk, compiled: CompiledRule): Decision | OpenQuestion | number | undefined {
  const { rule, selector, target } = compiled;
  const match = matchSelector(selector, walk);
  if (match.type === "not-matched") {
    note(walk, rule, match);
    if (match.field === "l3mdev") noteVrf(walk);
    return undefined;
  }
  if (match.type === "open") {
    // Where the rule leads on to the next one either way, the open field makes no difference.
    if (!leadsOn(walk, compiled)) return openQuestion(walk, rule, match.field, match.condition);
    note(walk, rule, {
      type: "undecided",
      why: `whether ${match.condition.words} is not known, and makes no difference`,
    });
    return undefined;
  }
  if (rule.incomplete) {
    assume(walk, `rule ${rule.priority} compares nothing more than what could be read`, ruleCommand(walk.fib));
  }
  switch (rule.action.type) {
    case "goto":
      note(walk, rule, target === undefined ? unresolved : { type: "goto", target: rule.action.target ?? 0 });
      return target;
    case "nop":
      note(walk, rule, noOperation);
      return undefined;
    case "lookup":
      return lookUp(walk, compiled);
    default:
      note(walk, rule, decided);
      return failure(walk, ruleErrors[rule.action.type], rule);
  }
}

/** The errors of rules without a look-up (fib4_rule_action, __fib6_rule_action). */
const ruleErrors = {
  unreachable: "no-route",
  prohibit: "prohibit",
  blackhole: "blackhole",
  invalid: "blackhole",
} as const satisfies Record<string, LookupError>;

const decided: RuleVerdict = { type: "decided" };
const unresolved: RuleVerdict = { type: "goto-unresolved" };
const noOperation: RuleVerdict = { type: "fell-through", why: "nop" };
const tableEmpty: RuleVerdict = { type: "fell-through", why: "table-empty" };

/** Whether a flow that matches goes on to the next rule, just as one that doesn't. */
function leadsOn(walk: Walk, compiled: CompiledRule): boolean {
  const { rule } = compiled;
  if (rule.action.type === "nop") return true;
  if (rule.action.type === "goto") return compiled.target === undefined;
  if (rule.action.type !== "lookup" || rule.l3mdev) return false;
  const table = findTable(walk.fib, compiled);
  if (table === undefined) return true;
  if ("type" in table || !isCertain(table.table)) return false;
  const answer = askTable(walk, table);
  if (answer.type !== "found") return answer.type === "none";
  const { suppressed, assumption } = suppresses(rule, answer.route, answer.nexthops, walk.fib.state.links);
  return suppressed && !assumption;
}

/** Does what a rule with `lookup` does once it matches. */
export function lookUp(walk: Walk, compiled: CompiledRule): Decision | OpenQuestion | undefined {
  const { rule } = compiled;
  const table = rule.l3mdev ? findVrfTable(walk) : findTable(walk.fib, compiled);
  if (table === undefined) {
    note(walk, rule, tableEmpty);
    return undefined;
  }
  if ("type" in table) {
    note(walk, rule, { type: "undecided", why: table.missing });
    return missingEvidence(walk, table, rule);
  }
  const answer = askTable(walk, table);
  if (answer.type === "open") return openQuestion(walk, rule, answer.field, answer.condition);
  noteEvidence(walk, table.table, answer);
  return conclude(walk, rule, table.table, answer);
}

/** What the flow gets from one table. */
export function askTable(walk: Walk, table: CompiledTable): TableAnswer {
  if (table.table.routes.length === 0) return noMatch;
  return walk.fib.family === 4 ? lookupTable4(table, walk, walk.oif) : lookupTable6(table, walk, walk.oif);
}

/** What a table's answer means for the walk: its end, or undefined for "go on". */
export function conclude(
  walk: Walk,
  rule: Rule,
  table: Table,
  answer: Exclude<TableAnswer, { type: "open" }>,
): Decision | undefined {
  if (answer.type === "none") {
    if (walk.considered) note(walk, rule, fallenThrough(table, answer));
    return undefined;
  }
  const { route } = answer;
  if (route.incomplete)
    assume(walk, "the route says nothing more than what could be read", routeCommand(walk.fib, table));
  if (answer.type === "error") {
    note(walk, rule, decided);
    return failure(walk, answer.error, rule, route);
  }
  const { nexthops } = answer;
  const { suppressed, assumption } = suppresses(rule, route, nexthops, walk.fib.state.links);
  if (assumption) assume(walk, assumption.text, assumption.command);
  if (suppressed) {
    note(walk, rule, { type: "suppressed", route });
    return undefined;
  }
  for (const { text, command } of answer.assumptions ?? []) assume(walk, text, command);
  note(walk, rule, decided);
  return routeFound(walk, rule, table, route, nexthops);
}

function fallenThrough(table: Table, { why, route }: TableAnswer & { type: "none" }): RuleVerdict {
  if (table.routes.length === 0) return tableEmpty;
  return route ? { type: "fell-through", why, route } : { type: "fell-through", why };
}

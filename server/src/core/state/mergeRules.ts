import { printRule } from "../iproute/printRule.js";
import type { Rule, TableRef } from "../iproute/rule.js";
import type { RuleSection } from "../iproute/section.js";
import type { Problem } from "../text/span.js";
import { describeDifference, isQuotation } from "./listDifference.js";

export interface MergedRules {
  readonly rules: readonly Rule[] | undefined;
  readonly rulesComplete: boolean;
  readonly hiddenSelectors: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * One family's rules out of all lists that were dumped. The last whole list counts; filtered or cut ones only where there is no whole
 * one, and then together. What a whole list changed against the one before is reported.
 */
export function mergeRules(lists: readonly RuleSection[], idOf: (table: TableRef) => number | undefined): MergedRules {
  // One list may call a table by its name, another by its number.
  const line = (rule: Rule) => printRule(numbered(rule, idOf));
  const problems: Problem[] = [];
  let counting: RuleSection | undefined;
  for (const list of lists.filter(isWhole)) {
    if (counting) {
      const before = counting.rules.map(line);
      const now = list.rules.map(line);
      if (isQuotation(list, now, before)) continue;
      const difference = describeDifference(before, now, "rule");
      if (difference)
        problems.push({
          place: list.place,
          message: `The IPv${list.family} rules are dumped once more here: ${difference}`,
        });
    }
    counting = list;
  }
  if (counting) {
    const { rules, hidden } = counting;
    return { rules: inOrder(rules), rulesComplete: true, hiddenSelectors: hidden, problems };
  }
  return {
    rules: lists.length > 0 ? inOrder(together(lists, line)) : undefined,
    rulesComplete: false,
    hiddenSelectors: [...new Set(lists.flatMap(({ hidden }) => hidden))],
    problems,
  };
}

/** The rules of lists none of which is whole, each once: several may show the same ones. */
function together(lists: readonly RuleSection[], line: (rule: Rule) => string): readonly Rule[] {
  const [only, ...others] = lists;
  if (only && others.length === 0) return only.rules;
  return [...new Map(lists.flatMap(({ rules }) => rules).map((rule) => [line(rule), rule])).values()];
}

function numbered(rule: Rule, idOf: (table: TableRef) => number | undefined): Rule {
  const { action } = rule;
  const id = action.type === "lookup" ? idOf(action.table) : undefined;
  return id === undefined ? rule : { ...rule, action: { type: "lookup", table: { id } } };
}

/** Whether a list shows all rules. A few lines without their command are a list only if the rules that every node has are among them. */
function isWhole({ filter, cut, command, rules }: RuleSection): boolean {
  if (filter !== undefined || cut) return false;
  return (
    command !== undefined ||
    rules.some(({ action }) => action.type === "lookup" && usualTables.has(action.table.name ?? ""))
  );
}

const usualTables = new Set(["local", "main"]);

/** The kernel walks by priority; equal ones keep the order of the dump. The very list where it is in order, as the kernel prints it. */
function inOrder(rules: readonly Rule[]): readonly Rule[] {
  let last = 0;
  const isInOrder = rules.every(({ priority }) => {
    const follows = priority >= last;
    last = priority;
    return follows;
  });
  return isInOrder ? rules : rules.toSorted((a, b) => a.priority - b.priority);
}

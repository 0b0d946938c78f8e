import { printRouteCommand } from "../iproute/printRoute.js";
import { printRuleCommand } from "../iproute/printRule.js";
import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import { addRoute, removeRoute } from "../state/editRoutes.js";
import { addRule, removeRule } from "../state/editRules.js";
import { setSysctl } from "../state/editSysctls.js";
import type { NodeState } from "../state/nodeState.js";
import { prioritiesBefore, prioritiesBehind } from "./priorityGap.js";
import { sysctlArgument } from "./sysctlArgument.js";

/** One step of a repair: what one command does to a node. */
export type Change =
  | { readonly type: "add-rule"; readonly rule: Rule }
  /** The rule is the object in the state. */
  | { readonly type: "delete-rule"; readonly rule: Rule }
  | { readonly type: "add-route"; readonly route: Route }
  /** The route is the object in the state. */
  | { readonly type: "delete-route"; readonly route: Route }
  | { readonly type: "set-sysctl"; readonly key: string; readonly value: string; readonly before: string };

/** The node with a change made. */
export function applyChange(state: NodeState, change: Change): NodeState {
  switch (change.type) {
    case "add-rule":
      return addRule(state, change.rule);
    case "delete-rule":
      return removeRule(state, change.rule);
    case "add-route":
      return addRoute(state, change.route);
    case "delete-route":
      return removeRoute(state, change.route);
    case "set-sysctl":
      return setSysctl(state, change.key, change.value);
  }
}

/** The command that makes a change. */
export function changeCommand(change: Change): string {
  switch (change.type) {
    case "add-rule":
      return printRuleCommand("add", change.rule);
    case "delete-rule":
      return printRuleCommand("del", change.rule);
    case "add-route":
      return printRouteCommand("add", change.route);
    case "delete-route":
      return printRouteCommand("del", change.route);
    case "set-sysctl":
      return `sysctl -w ${sysctlArgument(change.key)}=${change.value}`;
  }
}

/** Rules of the same priority that stand behind a rule: a rule that is added again would stand behind them. */
function followers(state: NodeState, rule: Rule): Rule[] {
  const rules = state.families[rule.family].rules ?? [];
  return rules.slice(rules.indexOf(rule) + 1).filter(({ priority }) => priority === rule.priority);
}

/** Free priorities next to that of rules which all have the same: behind it, else before it. */
function standInPriorities(state: NodeState, rules: readonly Rule[]): readonly number[] {
  const [first, last] = [rules[0], rules.at(-1)];
  if (!first || !last) return [];
  const leader = (state.families[first.family].rules ?? []).find(({ priority }) => priority === first.priority);
  const choices = [
    prioritiesBehind(state, last, rules.length),
    leader && prioritiesBefore(state, leader, rules.length),
  ];
  const free = choices.find((chosen) => chosen?.priorities.every((priority) => priority !== first.priority));
  return free?.priorities ?? [];
}

/**
 * Equal priorities keep the order in which they were added, so those that stood behind a rule must be added again, too. Meanwhile others
 * stand in for them at a free priority: one of them may be `lookup local`, without which nobody reaches the node.
 */
function addAgain(before: NodeState, rules: readonly Rule[]): string[] {
  const free = standInPriorities(before, rules);
  const standIns = rules.flatMap((rule, index) => {
    const priority = free[index];
    return priority === undefined ? [] : { ...rule, priority };
  });
  return [
    ...standIns.map((rule) => printRuleCommand("add", rule)),
    ...rules.flatMap((rule) => [printRuleCommand("del", rule), printRuleCommand("add", rule)]),
    ...standIns.map((rule) => printRuleCommand("del", rule)),
  ];
}

/**
 * The commands that take a change back, to be run on the state after it.
 *
 * @param before the state to come back to, with the order of its rules
 */
function undoCommands(before: NodeState, change: Change): string[] {
  switch (change.type) {
    case "add-rule":
      return [printRuleCommand("del", change.rule)];
    case "delete-rule":
      return [printRuleCommand("add", change.rule), ...addAgain(before, followers(before, change.rule))];
    case "add-route":
      return [printRouteCommand("del", change.route)];
    case "delete-route":
      return [printRouteCommand("add", change.route)];
    case "set-sysctl":
      return [`sysctl -w ${sysctlArgument(change.key)}=${change.before}`];
  }
}

/** The commands that take changes back, in the reverse order, so that the node is again what it was. */
export function undoAll(state: NodeState, changes: readonly Change[]): string[] {
  const undo: string[] = [];
  let before = state;
  for (const change of changes) {
    undo.unshift(...undoCommands(before, change));
    before = applyChange(before, change);
  }
  return undo;
}

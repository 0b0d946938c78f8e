import type { Route } from "../iproute/route.js";
import type { Rule } from "../iproute/rule.js";
import type { Family } from "../net/address.js";
import { familyChange, type ListChange } from "../state/familyChange.js";
import type { NodeState } from "../state/nodeState.js";

/**
 * Remembers what depends on nothing but a rule, by the positions of the rules of a list. For a state that came from an earlier one by a few
 * edits, only the new rules are looked at.
 *
 * @param find finds it out; it must not depend on the places of the rule.
 */
export function ofEachRule<T>(find: (rule: Rule) => T): (state: NodeState, family: Family) => readonly T[] {
  const known = new WeakMap<readonly Rule[], readonly T[]>();
  return (state, family) => {
    const { rules } = state.families[family];
    if (!rules) return [];
    let found = known.get(rules);
    if (!found) {
      const change = familyChange(state, family);
      const before = change && known.get(change.before.families[family].rules ?? []);
      found = before ? carried(before, rules, find, change.rules) : rules.map((rule) => find(rule));
      known.set(rules, found);
    }
    return found;
  };
}

/** The same for the routes of each table, by the number of the table. Empty for one that is not there. */
export function ofEachRoute<T>(
  find: (route: Route) => T,
): (state: NodeState, family: Family, id: number) => readonly T[] {
  const known = new WeakMap<readonly Route[], readonly T[]>();
  return (state, family, id) => {
    const routes = state.families[family].tables.get(id)?.routes;
    if (!routes) return [];
    let found = known.get(routes);
    if (!found) {
      const change = familyChange(state, family);
      const routeChange = change?.routes.get(id);
      const before = change && known.get(change.before.families[family].tables.get(id)?.routes ?? []);
      found = before && routeChange ? carried(before, routes, find, routeChange) : routes.map((route) => find(route));
      known.set(routes, found);
    }
    return found;
  };
}

function carried<I, T>(
  before: readonly T[],
  items: readonly I[],
  find: (item: I) => T,
  { start, end, oldEnd }: ListChange,
): readonly T[] {
  const come = items.slice(start, end).map((item) => find(item));
  return [...before.slice(0, start), ...come, ...before.slice(oldEnd)];
}

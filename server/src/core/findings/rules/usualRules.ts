import { readTranscript } from "../../iproute/readTranscript.js";
import type { Rule } from "../../iproute/rule.js";
import { type NodeState, reservedTables, type Table } from "../../state/nodeState.js";

/** The rules that every network namespace begins with (net/ipv4/fib_rules.c: fib_default_rules_init). */
const usual = "0: from all lookup local\n32766: from all lookup main\n32767: from all lookup default\n";

const emptyDefault: Table = {
  id: reservedTables.default,
  name: "default",
  routes: [],
  origin: "dumped",
  exact: true,
};

function usualRules(): Rule[] {
  const { sections } = readTranscript("", usual);
  return sections.flatMap((section) => (section.kind === "rules" ? section.rules : []));
}

/** The node with the IPv4 rules that every node begins with, where none were dumped. What is concluded from it is conditional. */
export function withUsualRules(state: NodeState): NodeState {
  const family = state.families[4];
  if (family.rules !== undefined) return state;
  const tables = new Map(family.tables);
  if (!tables.has(reservedTables.default)) tables.set(reservedTables.default, emptyDefault);
  return {
    ...state,
    families: { ...state.families, 4: { ...family, rules: usualRules(), rulesComplete: true, tables } },
  };
}

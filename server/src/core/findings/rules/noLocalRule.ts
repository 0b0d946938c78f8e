import type { CaseNode } from "../../case/case.js";
import type { Rule } from "../../iproute/rule.js";
import { reservedTables, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";

/** Whether a rule looks up a table of this number. */
export function looksUp(node: CaseNode, { action }: Rule, id: number): boolean {
  return action.type === "lookup" && tableId(node.state, action.table) === id;
}

/**
 * The list of a family's rules, in order, where it is sure to be whole: printed by a command that the text shows, with none that could
 * not be read. Whoever quotes rules in prose leaves out the usual ones. Empty otherwise.
 */
export function wholeRules(node: CaseNode, family: Rule["family"]): readonly Rule[] {
  const { rules, rulesComplete } = node.state.families[family];
  const [first] = rules ?? [];
  if (!rules || !rulesComplete || !first || rules.some(({ incomplete }) => incomplete)) return [];
  const sections = node.files.flatMap(({ transcript }) => transcript.sections);
  const shown = sections.some(
    (section) => section.kind === "rules" && section.command !== undefined && section.rules.includes(first),
  );
  return shown ? rules : [];
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family): Finding[] => {
    const rules = wholeRules(node, family);
    const [first] = rules;
    const named = (id: number) => rules.some((rule) => looksUp(node, rule, id));
    if (!first || !named(reservedTables.main) || named(reservedTables.local)) return [];
    return [
      {
        code: "no-local-rule",
        severity: "error",
        confidence: "confirmed",
        place: first.place,
        message:
          "No rule looks up table local: packets for the node's own addresses are not delivered, but routed like any other. Every node needs a rule such as `from all lookup local` before all that could take them.",
        related: [],
        data: { code: "no-local-rule", family },
      },
    ];
  });
}

/** No rule looks up table local. */
export const noLocalRule: FindingKind = {
  code: "no-local-rule",
  defaultSeverity: "error",
  meaning: "The list of rules is whole and none looks up table local, so the node does not find its own addresses.",
  silentWhen: [
    "The list of rules is filtered, cut off, has a line that can't be read, or stands without the command that printed it.",
    "It does not show the rule for main either: then it is an excerpt.",
  ],
  example: `$ ip rule
32766: from all lookup main
32767: from all lookup default`,
  check,
};

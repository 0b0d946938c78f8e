import type { CaseNode } from "../../case/case.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { hasKnownOwner } from "../knownOwner.js";
import { families } from "../ruleEvidence.js";

/** The priority of the rule for main, below which the kernel counts down (net/core/fib_rules.c: fib_default_rule_pref). */
const mainPriority = 32766;

/** The rules that stand at 32765, 32764 ... without a gap. */
function chosenByKernel(rules: readonly Rule[]): Rule[] {
  const byPriority = new Map(rules.map((rule) => [rule.priority, rule]));
  const run: Rule[] = [];
  for (let priority = mainPriority - 1; ; priority--) {
    const rule = byPriority.get(priority);
    if (!rule) return run.reverse();
    run.push(rule);
  }
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family): Finding[] => {
    const { rules = [], rulesComplete } = node.state.families[family];
    if (!rulesComplete || !rules.some(({ priority }) => priority === mainPriority)) return [];
    const run = chosenByKernel(rules).filter((rule) => !hasKnownOwner(rule));
    const [first, ...others] = run;
    // A single one stands where it stands, whoever came first.
    if (!first || others.length === 0) return [];
    return [
      {
        code: "automatic-priority",
        severity: "hint",
        confidence: "likely",
        place: first.place,
        message: `This rule and ${others.length} more stand directly before main, at priorities that the kernel gives to rules added without one. Their order is that in which they were added, the last one first, and may be another after the next restart.`,
        related: others.map(({ place, priority }) => ({ place, message: `Rule ${priority}` })),
        data: { code: "automatic-priority", rules: run },
      },
    ];
  });
}

/** Rules whose priority the kernel chose. */
export const automaticPriority: FindingKind = {
  code: "automatic-priority",
  defaultSeverity: "hint",
  meaning: "Several rules were added without a priority, so that their order depends on who came first.",
  silentWhen: ["There is only one such rule.", "A known owner installs its rules so (wg-quick, Mullvad)."],
  example: `32764: from 192.0.2.7 lookup 200
32765: from 198.51.100.7 lookup 201
32766: from all lookup main`,
  check,
};

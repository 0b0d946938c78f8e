import type { CaseNode } from "../../case/case.js";
import type { Rule } from "../../iproute/rule.js";
import type { Finding, FindingKind } from "../finding.js";
import { hasKnownOwner } from "../knownOwner.js";
import { families } from "../ruleEvidence.js";

/** The priority of the rule for main, below which the kernel counts down (net/core/fib_rules.c: fib_default_rule_pref). */
const mainPriority = 32766;

/** The rules that stand at 32765, 32764 ... without a gap, in the order of the list; none where no rule stands at main's priority. */
function chosenByKernel(rules: readonly Rule[]): Rule[] {
  let at = rules.length - 1;
  while (at >= 0 && (rules[at]?.priority ?? 0) > mainPriority) at--;
  if (rules[at]?.priority !== mainPriority) return [];
  const run: Rule[] = [];
  for (let wanted = mainPriority; at >= 0; at--) {
    const rule = rules[at];
    if (!rule || rule.priority < wanted - 1) break;
    if (rule.priority < wanted) {
      wanted--;
      run.push(rule);
    }
  }
  return run.reverse();
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family): Finding[] => {
    const { rules = [], rulesComplete } = node.state.families[family];
    const run = rulesComplete ? chosenByKernel(rules).filter((rule) => !hasKnownOwner(rule)) : [];
    const [first, ...others] = run;
    // A single one stands where it stands, whoever came first.
    if (!first || others.length === 0) return [];
    return [
      {
        code: "automatic-priority",
        severity: "hint",
        confidence: "likely",
        place: first.place,
        message: `This rule and ${others.length} more stand where the kernel puts rules that are added without a priority: the last one first. After a restart their order may be another. Give each a priority.`,
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

import type { CaseNode } from "../../case/case.js";
import type { Rule } from "../../iproute/rule.js";
import { reservedTables } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { families } from "../ruleEvidence.js";
import { looksUp, wholeRules } from "./noLocalRule.js";

/** Whether a rule is asked about every packet, and does something with it. */
function takesAll({
  not,
  from,
  to,
  fwmark,
  iif,
  oif,
  uidrange,
  ipproto,
  sport,
  dport,
  tos,
  dscp,
  tunId,
  action,
}: Rule): boolean {
  const narrow = [fwmark, iif, oif, uidrange, ipproto, sport, dport, tos, dscp, tunId].some(
    (each) => each !== undefined,
  );
  return !not && !narrow && !from?.length && !to?.length && action.type !== "nop" && action.type !== "goto";
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family): Finding[] => {
    const rules = wholeRules(node, family);
    const last = rules.at(-1);
    const named = (id: number) => rules.some((rule) => looksUp(node, rule, id));
    if (!last || named(reservedTables.main) || !named(reservedTables.local)) return [];
    // Whoever ends the list with a rule for everything has a scheme without main, as Android and some routers do.
    if (rules.some((rule) => takesAll(rule) && !isUsual(node, rule))) return [];
    const alone = rules.every((rule) => isUsual(node, rule));
    const sentences = [
      "No rule looks up table main: its routes, the default route among them, are not used, and what no other rule takes is unreachable.",
      "systemd-networkd is known to remove rules that it did not make; `ManageForeignRoutingPolicyRules=no` in networkd.conf keeps it from that.",
      ...(alone ? [] : ["This holds if the list of rules is whole."]),
    ];
    return [
      {
        code: "no-main-rule",
        severity: alone ? "error" : "information",
        confidence: alone ? "confirmed" : "conditional",
        place: last.place,
        message: sentences.join(" "),
        related: [],
        data: { code: "no-main-rule", family },
      },
    ];
  });
}

function isUsual(node: CaseNode, rule: Rule): boolean {
  return looksUp(node, rule, reservedTables.local) || looksUp(node, rule, reservedTables.default);
}

/** No rule looks up table main. */
export const noMainRule: FindingKind = {
  code: "no-main-rule",
  defaultSeverity: "error",
  meaning: "The list of rules is whole, none looks up table main, and no other rule is there for everything.",
  silentWhen: [
    "The list of rules is filtered, cut off, has a line that can't be read, or stands without the command that printed it.",
    "It does not show the rule for local either: then it is an excerpt. Where other rules are there, it is an information, because texts often leave out the usual rules.",
    "A rule without any selector looks up another table or refuses the rest: schemes such as Android's have no use for main.",
    "VRFs are in use (`lookup [l3mdev-table]`).",
  ],
  example: `$ ip rule
0: from all lookup local`,
  check,
};

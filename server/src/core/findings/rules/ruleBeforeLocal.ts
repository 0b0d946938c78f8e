import type { CaseNode } from "../../case/case.js";
import type { Decision } from "../../fib/decision.js";
import { wordsForDecision, wordsForTable } from "../../fib/decisionWords.js";
import { flowsMatching } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import { decideBy } from "../../fib/reach/decideBy.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";
import { ruleIndexOf } from "../../fib/reach/ruleIndexOf.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import { type Address, type Family, formatAddress } from "../../net/address.js";
import { containsPrefix, firstAddress } from "../../net/prefix.js";
import { reservedTables, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { takesOnPurpose } from "../knownOwner.js";
import { confidenceIn, families, wordsForConfidence } from "../ruleEvidence.js";
import { looksUp } from "./noLocalRule.js";

/** An own address that a rule takes, with what becomes of it. */
interface Taken {
  readonly address: Address;
  readonly route: Route;
  readonly decision: Decision;
}

/** More examples than this nobody reads. */
const shownAddresses = 3;

function takenBy(node: CaseNode, at: number, own: readonly Route[], rule: Rule): Taken[] {
  const { state } = node;
  const fib = fibOf(state, rule.family);
  const compiled = fib.rules?.[at];
  if (!compiled || endingDestinations(fib, compiled, null).length === 0) return [];
  const index = ruleIndexOf(state, rule.family);
  const taken: Taken[] = [];
  for (const route of own) {
    if (taken.length >= shownAddresses) break;
    if (rule.to && !rule.not && !containsPrefix(rule.to, route.dst)) continue;
    const address = firstAddress(route.dst);
    const decisions = flowsMatching(rule, address, state).map((flow) => decideBy(fib, index, flow));
    const decision = decisions.find(
      (each) => (each.type === "route" || each.type === "error") && each.rule === rule && !isDelivered(each),
    );
    if (decision) taken.push({ address, route, decision });
  }
  return taken;
}

function isDelivered(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

/** The node's own addresses, without those of the loopback network, which no rule of a network gets to see. */
function ownAddresses(node: CaseNode, family: Family): Route[] {
  const routes = node.state.families[family].tables.get(reservedTables.local)?.routes ?? [];
  return routes.filter(({ type, nexthops }) => type === "local" && nexthops[0]?.dev !== "lo");
}

function findingFor(node: CaseNode, rule: Rule, local: Rule, taken: readonly Taken[]): Finding | undefined {
  const [first] = taken;
  if (!first) return undefined;
  const confidence = confidenceIn(node, rule.family, [rule]);
  // Packets get a fwmark on purpose.
  const meant = rule.fwmark !== undefined && !rule.not;
  const list = taken.map(({ address }) => formatAddress(address)).join(", ");
  const sentences = [
    `This rule stands before \`lookup local\` (rule ${local.priority}) and takes packets for the node's own addresses: ${list}.`,
    `They go to ${wordsForDecision(first.decision)} instead of being delivered here.`,
    `Give it a priority greater than ${local.priority}.`,
    ...wordsForConfidence(confidence),
  ];
  return {
    code: "rule-before-local",
    severity: meant || confidence !== "confirmed" ? "information" : "error",
    confidence: meant ? "conditional" : confidence,
    place: rule.place,
    message: sentences.join(" "),
    related: [
      { place: local.place, message: "Table local is looked up only here" },
      ...taken.map(({ route, address }) => ({ place: route.place, message: `Own address ${formatAddress(address)}` })),
    ],
    data: { code: "rule-before-local", rule, local, addresses: taken.map(({ address }) => address) },
  };
}

/** A rule whose table was not dumped may take own addresses; whoever has a source rule at such a priority is likely to. */
function conditionalFor(node: CaseNode, rule: Rule, local: Rule): Finding | undefined {
  const { action } = rule;
  if (action.type !== "lookup" || rule.l3mdev || rule.fwmark || rule.not || !rule.from) return undefined;
  const id = tableId(node.state, action.table);
  const { tables, allTablesDumped } = node.state.families[rule.family];
  if (allTablesDumped || (id !== undefined && tables.has(id))) return undefined;
  return {
    code: "rule-before-local",
    severity: "information",
    confidence: "conditional",
    place: rule.place,
    message: `This rule stands before \`lookup local\` (rule ${local.priority}). If ${wordsForTable(action.table)}, which was not dumped, has a default route or another one to the node's own addresses, packets to these leave by it. A priority greater than ${local.priority} is safe.`,
    related: [{ place: local.place, message: "Table local is looked up only here" }],
    data: { code: "rule-before-local", rule, local, addresses: [] },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const rules = node.state.families[family].rules ?? [];
    const local = rules.findIndex((rule) => looksUp(node, rule, reservedTables.local));
    const localRule = rules[local];
    if (!localRule || local === 0) return [];
    const own = ownAddresses(node, family);
    return rules
      .slice(0, local)
      .flatMap((rule, at) =>
        rule.action.type === "goto" || takesOnPurpose(rule)
          ? []
          : (findingFor(node, rule, localRule, takenBy(node, at, own, rule)) ??
            conditionalFor(node, rule, localRule) ??
            []),
      );
  });
}

/** A rule takes packets for the node's own addresses before table local is looked up. */
export const ruleBeforeLocal: FindingKind = {
  code: "rule-before-local",
  defaultSeverity: "error",
  meaning:
    "The rule stands before `lookup local` and its table has a route for some of the node's own addresses, so packets for the node itself are sent away.",
  silentWhen: [
    "The rule's table has no route for the node's addresses, so that packets for them go on to table local.",
    "Its owner means it to stand there: Cilium's proxy rules at 9 and 10, the kernel's rule for VRFs.",
    "The rule asks for a fwmark: then this is an information.",
  ],
  example: `100: from 192.0.2.0/24 lookup 200    (table 200: default via 192.0.2.1)
100: from all lookup local           (192.0.2.10 is the node's)`,
  check,
};

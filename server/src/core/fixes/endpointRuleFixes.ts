import type { CaseNode } from "../case/case.js";
import type { Decision } from "../fib/decision.js";
import type { Finding } from "../findings/finding.js";
import { readTranscript } from "../iproute/readTranscript.js";
import type { Rule } from "../iproute/rule.js";
import { type Address, formatAddress } from "../net/address.js";
import type { Goal } from "./candidate.js";
import { deleteRules } from "./candidates/deleteRules.js";
import { nowhere } from "./candidates/ruleFor.js";
import { changedTargets } from "./changedTargets.js";
import type { Fix } from "./fix.js";
import { simulateAll } from "./simulate.js";
import { tidyRules } from "./tidyRules.js";

/** The rule that a command line adds; undefined where the line leaves something to be filled in, or adds no rule. */
function ruleOf(command: string): Rule | undefined {
  if (/[A-Z]{2}/.test(command)) return undefined;
  const [section] = readTranscript("", `$ ${command}\n`).sections;
  const rule = section?.kind === "change" && section.verb === "add" ? section.rule : undefined;
  return rule && !rule.incomplete && rule.priority >= 0 ? { ...rule, place: nowhere } : undefined;
}

/**
 * A pod gets the rules that its siblings have, where the siblings tell all of them. Only where something shows that the pod is here: a rule
 * for an address that another node's pod has now would lead its packets astray.
 */
export function fixMissingEndpointRule(
  { state }: CaseNode,
  finding: Finding,
  address: Address,
  lacking: readonly string[],
): Fix[] {
  const rules = lacking.flatMap((command) => ruleOf(command) ?? []);
  if (rules.length === 0 || rules.length < lacking.length || finding.confidence === "conditional") return [];
  const candidate = {
    kind: "add-sibling",
    title: `Give pod ${formatAddress(address)} the ${rules.length === 1 ? "rule" : `${rules.length} rules`} that its siblings have`,
    changes: rules.map((rule) => ({ type: "add-rule", rule }) as const),
    notes: ["The CNI makes such rules when it sets a pod up: to make the pod anew has the same effect, and lasts."],
  };
  const isOurs = (after: Decision): boolean => after.type === "route" && rules.includes(after.rule);
  const goal: Goal = {
    purpose: "repair",
    targets: changedTargets(state, address.family, candidate, isOurs),
    natural: state,
    asksFor: { rule: (rule) => rules.includes(rule) },
    isWanted: ({ after }) => isOurs(after),
  };
  return simulateAll(state, finding, goal, [candidate]);
}

/**
 * The rules of a pod that is gone: deleted, so that packets for whoever has the address now go the ordinary way. Only where a list of pods
 * confirms that it is gone: if it is there and its route was lost, deleting its rules sends its packets astray.
 */
export function fixOrphanEndpointRule(
  node: CaseNode,
  finding: Finding,
  address: Address,
  rules: readonly Rule[],
): Fix[] {
  const [first] = rules;
  if (!first || finding.confidence !== "confirmed") return [];
  const candidate = deleteRules(rules, [
    `Only if pod ${formatAddress(address)} is gone from this node: \`kubectl get pods -A -o wide\` tells.`,
  ]);
  const isRouted = (after: Decision): boolean => after.type === "route";
  const targets = changedTargets(node.state, address.family, candidate, isRouted);
  if (targets.length === 0) return tidyRules(node, finding, first, [candidate]);
  const goal: Goal = { purpose: "repair", targets, natural: node.state, isWanted: ({ after }) => isRouted(after) };
  return simulateAll(node.state, finding, goal, [candidate]);
}

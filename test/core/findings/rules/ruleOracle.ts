import type { CaseNode } from "../../../../server/src/core/case/case.js";
import { ruleOwner } from "../../../../server/src/core/cilium/ruleOwners.js";
import { compileFib } from "../../../../server/src/core/fib/compileFib.js";
import { decide } from "../../../../server/src/core/fib/decide.js";
import type { Decision } from "../../../../server/src/core/fib/decision.js";
import { fibOf } from "../../../../server/src/core/fib/fibOf.js";
import type { Flow } from "../../../../server/src/core/fib/flow.js";
import { reachesOf } from "../../../../server/src/core/fib/reach/reachesOf.js";
import { sameOutcome } from "../../../../server/src/core/fib/sameOutcome.js";
import type { Finding } from "../../../../server/src/core/findings/finding.js";
import { contradictingRules } from "../../../../server/src/core/findings/rules/contradictingRules.js";
import { duplicateRule } from "../../../../server/src/core/findings/rules/duplicateRule.js";
import { redundantRule } from "../../../../server/src/core/findings/rules/redundantRule.js";
import { unreachableRule } from "../../../../server/src/core/findings/rules/unreachableRule.js";
import { printRule } from "../../../../server/src/core/iproute/printRule.js";
import type { Rule } from "../../../../server/src/core/iproute/rule.js";
import type { Family } from "../../../../server/src/core/net/address.js";
import { removeRule } from "../../../../server/src/core/state/editRules.js";
import type { Difference } from "../../../generate/difference.js";
import { packetKinds } from "../../../generate/packetKinds.js";
import { showFlow, type Walked, walkEvery, withActing } from "../../../generate/walkEvery.js";
import { packetsFor } from "../../fib/reach/reachOracle.js";

/** What findings say of the rules of a node, against what every kind of packet shows. */
export interface FindingComparison {
  readonly differences: readonly Difference[];
  /** How often each finding is made. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Compares the findings about rules that have no effect with FINDINGS.md, read literally. */
export function compareRuleFindings(node: CaseNode, family: Family): FindingComparison {
  const walked = walkEvery(fibOf(node.state, family), packetKinds([node.state], family));
  const findings = [unreachableRule, contradictingRules, duplicateRule, redundantRule].flatMap((kind) =>
    kind.check(node),
  );
  const counts: Record<string, number> = {};
  for (const { code } of findings) counts[code] = (counts[code] ?? 0) + 1;
  return {
    differences: [
      ...compareUnreachable(node, family, walked, findings),
      ...compareDuplicates(node, family, walked, findings),
      ...compareRedundant(node, family, walked, findings),
    ],
    counts,
  };
}

/** `unreachable-rule` and `contradicting-rules` share the rules that get no packet. */
function compareUnreachable(
  node: CaseNode,
  family: Family,
  walked: readonly Walked[],
  findings: readonly Finding[],
): Difference[] {
  const { state } = node;
  const rules = state.families[family].rules ?? [];
  const reaches = reachesOf(state, family);
  return rules.flatMap((rule): Difference[] => {
    const told = findings.filter(
      ({ data }) => (data.code === "unreachable-rule" || data.code === "contradicting-rules") && data.rule === rule,
    );
    const asked = packetsFor(rule, walked);
    const isCovered = asked.length > 0 && asked.every(({ met }) => !met.has(rule));
    const reach = reaches.get(rule);
    if (reach?.type === "unknown") return [];
    if (!isCovered) return told.map(({ code }) => ({ text: `${rule.priority} false ${code}: packets come to it` }));
    if (reach?.type !== "unreachable")
      return [{ text: `${rule.priority}: no packet comes to it, and it is ${reach?.type}` }];
    const own = ownAnswers(node, rule, asked);
    const different = own.find(
      ({ answer, decision }) => !sameOutcome(answer, decision) && !isForHost(decision, reach.by),
    );
    const isRefusal = ["unreachable", "prohibit", "blackhole"].includes(rule.action.type);
    const isGuard = isRefusal && reach.by.every(({ action }) => action.type === "lookup");
    const isNothing = own.length === 0 && rule.action.type !== "goto";
    const isRepeated = rules.slice(0, rules.indexOf(rule)).some((other) => isSame(other, rule));
    const [rival] = reach.by.length === 1 ? reach.by.filter((other) => selectorOf(other) === selectorOf(rule)) : [];
    const isSilent =
      isGuard || isNothing || isRepeated || ruleOwner(rule)?.confidence === "certain" || (rival && !different);
    const [finding, another] = told;
    if (another) return [{ text: `${rule.priority} told twice` }];
    if (isSilent) return finding ? [{ text: `${rule.priority} false ${finding.code}: to be silent` }] : [];
    const wanted = rival ? "contradicting-rules" : "unreachable-rule";
    const severity = different ? "warning" : "information";
    if (finding?.code === wanted && finding.severity === severity) return [];
    const isPlain = own.length === asked.length && own.every(({ answer, decision }) => !sameOutcome(answer, decision));
    const known = isPlain ? undefined : "what an unreachable rule would do is tried with a limited number of kinds";
    const example = different && showFlow(different.flow);
    const text = `${rule.priority} ${finding?.code ?? "silent"} ${finding?.severity ?? ""} instead of ${wanted} ${severity}: ${example}`;
    return [known === undefined ? { text } : { text, known }];
  });
}

/** What is for this host itself is no loss, unless it is all that the rule asks for. */
function isForHost(decision: Decision, by: readonly Rule[]): boolean {
  const rule = decision.type === "route" || decision.type === "error" ? decision.rule : undefined;
  return rule?.action.type === "lookup" && rule.action.table.id === 255 && !by.includes(rule);
}

interface OwnAnswer {
  readonly flow: Flow;
  /** What becomes of the packet. */
  readonly decision: Decision;
  /** What the rule would do with it. */
  readonly answer: Decision;
}

/** What a rule by itself would do with packets that match it, where it would do anything. */
function ownAnswers({ state }: CaseNode, rule: Rule, asked: readonly Walked[]): OwnAnswer[] {
  const fib = withActing(state, rule.family, (other) => other === rule);
  return asked.flatMap(({ flow, decision }) => {
    const answer = decide(fib, flow);
    return (answer.type === "route" || answer.type === "error") && answer.rule === rule
      ? [{ flow, decision, answer }]
      : [];
  });
}

function compareDuplicates(
  { state }: CaseNode,
  family: Family,
  walked: readonly Walked[],
  findings: readonly Finding[],
): Difference[] {
  const rules = state.families[family].rules ?? [];
  const jumps = rules.some(({ action, priority }) =>
    rules.some((other) => action.type === "goto" && other.priority > priority && other.priority === action.target),
  );
  const repeated = rules.filter(
    (rule, at) => !jumps && rule.action.type !== "nop" && rules.slice(0, at).some((other) => isSame(other, rule)),
  );
  const told = findings.flatMap(({ data }) => (data.code === "duplicate-rule" ? data.duplicates : []));
  return [
    ...repeated
      .filter((rule) => !told.includes(rule))
      .map(({ priority }) => ({ text: `${priority} missed duplicate-rule` })),
    ...told
      .filter((rule) => !repeated.includes(rule))
      .map(({ priority }) => ({ text: `${priority} false duplicate-rule` })),
    ...told.flatMap((rule): Difference[] => {
      const changed = changedWithout(state, rule, walked);
      return changed
        ? [{ text: `${rule.priority} false duplicate-rule: without it changes ${showFlow(changed)}` }]
        : [];
    }),
  ];
}

function compareRedundant(
  { state }: CaseNode,
  family: Family,
  walked: readonly Walked[],
  findings: readonly Finding[],
): Difference[] {
  const rules = state.families[family].rules ?? [];
  const reaches = reachesOf(state, family);
  const jumps = rules.some(({ action }) => action.type === "goto");
  return rules.flatMap((rule, at): Difference[] => {
    const isTold = findings.some(({ data }) => data.code === "redundant-rule" && data.rule === rule);
    if (isTold) {
      const changed = changedWithout(state, rule, walked);
      return changed
        ? [{ text: `${rule.priority} false redundant-rule: without it changes ${showFlow(changed)}` }]
        : [];
    }
    const matching = walked.filter((each) => each.matching.has(rule));
    if (jumps || matching.length === 0 || rule.action.type !== "lookup") return [];
    if (reaches.get(rule)?.type === "unreachable" || isOwned(rule)) return [];
    const earlier = rules.slice(0, at);
    if (earlier.some((other) => isSame(other, rule))) return [];
    const by = earlier.find((other) => asksSame(other, rule) && matching.every((each) => each.matching.has(other)));
    if (!by) return [];
    const text = `${rule.priority} missed redundant-rule: ${by.priority} asks before`;
    return [
      isPlainlyWider(by, rule) ? { text } : { text, known: "only shorter prefixes and absent selectors are wider" },
    ];
  });
}

/** Whether all selectors but the addresses are absent, or the same. */
function isPlainlyWider(wide: Rule, narrow: Rule): boolean {
  const { from, to, ...asked } = wide;
  const { from: source, to: destination, ...alsoAsked } = narrow;
  const isAddressesOnly = selectorOf(asked) === "0:\tfrom all nop";
  return (
    selectorOf(wide) !== selectorOf(narrow) &&
    !narrow.not &&
    (isAddressesOnly || selectorOf(asked) === selectorOf(alsoAsked))
  );
}

function isOwned(rule: Rule): boolean {
  const confidence = ruleOwner(rule)?.confidence;
  return confidence === "certain" || confidence === "likely";
}

/** Whether the earlier rule looks up the later one's table, and drops nothing of what it finds that the later one would not drop. */
function asksSame(earlier: Rule, later: Rule): boolean {
  if (earlier.action.type !== "lookup" || later.action.type !== "lookup") return false;
  const sameTable = earlier.action.table.id === later.action.table.id;
  const drops = earlier.suppressPrefixLength !== undefined || earlier.suppressIfGroup !== undefined;
  return sameTable && (!drops || suppressorsOf(earlier) === suppressorsOf(later));
}

/** A packet that gets another answer without the rule. */
function changedWithout(state: CaseNode["state"], rule: Rule, walked: readonly Walked[]): Flow | undefined {
  const without = compileFib(removeRule(state, rule), rule.family);
  return walked.find(({ flow, decision }) => !sameOutcome(decision, decide(without, flow)))?.flow;
}

function isSame(a: Rule, b: Rule): boolean {
  return printRule({ ...a, priority: 0 }) === printRule({ ...b, priority: 0 });
}

function selectorOf(rule: Rule): string {
  const { suppressPrefixLength, suppressIfGroup, ...rest } = rule;
  return printRule({ ...rest, priority: 0, action: { type: "nop" } });
}

function suppressorsOf({ suppressPrefixLength, suppressIfGroup }: Rule): string {
  return `${suppressPrefixLength} ${suppressIfGroup}`;
}

import type { CaseNode } from "../../case/case.js";
import { ruleOwner } from "../../cilium/ruleOwners.js";
import { wordsForDecision } from "../../fib/decisionWords.js";
import { fibOf } from "../../fib/fibOf.js";
import type { Flow } from "../../fib/flow.js";
import { flowWords } from "../../fib/flowWords.js";
import { perFamily } from "../../fib/perFamily.js";
import { mayShareFlows } from "../../fib/reach/askedPackets.js";
import { reachesInOrder } from "../../fib/reach/reachesOf.js";
import type { RuleReach } from "../../fib/reach/ruleReach.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { containsPrefix } from "../../net/prefix.js";
import { carriedFrom } from "../../state/familyChange.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Finding, FindingData, FindingKind, RelatedPlace } from "../finding.js";
import { fewRules, isFallback, lostAnswers } from "../packets/lostAnswers.js";
import { confidenceIn, families, wordsForConfidence, wordsForRules } from "../ruleEvidence.js";
import { rivalOf } from "./contradictingRules.js";
import { duplicatesIn } from "./duplicateRule.js";

type Unreachable = RuleReach & { readonly type: "unreachable" };

/** What there is to say about an unreachable rule. */
interface Verdict {
  /** Those of the reach: the same value as long as the same is known of the rule. */
  readonly flows: Unreachable["flows"];
  /** Undefined where nothing is worth saying. */
  readonly finding: Pick<Finding, "severity" | "confidence" | "message"> | undefined;
  /** Whether an example shows that the rule is missed. */
  readonly isMissed: boolean;
  /** The packets that were tried. */
  readonly tried: readonly Flow[];
  /** The tables whose routes gave packets to try; undefined where none did. */
  readonly tables: ReadonlySet<number | undefined> | undefined;
}

function judge(state: NodeState, rule: Rule, reach: Unreachable): Verdict {
  const { by, flows } = reach;
  const silent: Verdict = { flows, finding: undefined, isMissed: false, tried: [], tables: undefined };
  if (ruleOwner(rule)?.confidence === "certain" || isFallback(rule, by) || rivalOf(rule, by)) return silent;
  const { different, any, tried, tables } = lostAnswers(state, rule, reach);
  // What would let every packet go on is not missed.
  if (!any && rule.action.type !== "goto") return { ...silent, tried, tables };
  const jumps = by.some(({ action }) => action.type === "goto");
  const confidence = confidenceIn({ state }, rule.family, by);
  const who = wordsForRules(by);
  const sentences = [
    jumps
      ? `This rule never decides: ${who} lead past it, or decide before.`
      : `This rule never decides: ${who} ${by.length === 1 ? "takes" : "together take"} every packet it could match.`,
    different
      ? `For example, ${flowWords(different.flow)} goes to ${wordsForDecision(different.actual)}; by this rule it would go to ${wordsForDecision(different.wanted)}.`
      : "The packets get the same answer as by this rule, as far as tried, so it only has no effect.",
    ...wordsForConfidence(confidence),
  ];
  const isMissed = different !== undefined;
  const severity = isMissed && confidence === "confirmed" ? "warning" : "information";
  return { flows, finding: { severity, confidence, message: sentences.join(" ") }, isMissed, tried, tables };
}

/** By the positions of rules. */
const verdictsOf = perFamily<readonly (Verdict | undefined)[]>(
  (state, family) => judgeAll(state, family, () => undefined),
  (before, change, state, family) => {
    const rules = fibOf(state, family).rules ?? [];
    const { start, end, oldEnd } = change.rules;
    const changed = [...(fibOf(change.before, family).rules ?? []).slice(start, oldEnd), ...rules.slice(start, end)];
    const prefixes = [...change.tables.values()].flat();
    return judgeAll(state, family, (at, reach) => {
      const verdict = before[carriedFrom(change.rules, at)];
      const compiled = rules[at];
      if (!compiled || !verdict || verdict.flows !== reach.flows) return undefined;
      if (changed.some((other) => mayShareFlows(other, compiled))) return undefined;
      if (prefixes.some((prefix) => verdict.tried.some(({ dst }) => containsPrefix(prefix, dst)))) return undefined;
      const { tables } = verdict;
      if (!tables) return verdict;
      // The routes of these tables, and of few rules those before, gave more packets to try.
      if ([...change.tables.keys()].some((table) => tables.has(table))) return undefined;
      return at <= fewRules === carriedFrom(change.rules, at) <= fewRules ? verdict : undefined;
    });
  },
);

function judgeAll(
  state: NodeState,
  family: Family,
  carried: (at: number, reach: Unreachable) => Verdict | undefined,
): readonly (Verdict | undefined)[] {
  const rules = fibOf(state, family).rules ?? [];
  return reachesInOrder(state, family).map((reach, at) => {
    const rule = rules[at]?.rule;
    return rule && reach.type === "unreachable" ? (carried(at, reach) ?? judge(state, rule, reach)) : undefined;
  });
}

type RelatedTo = (by: readonly Rule[]) => readonly RelatedPlace[];

/** What is said of some rules that decide before, once for each list: one rule may stand before thousands. */
function relatedRules(): RelatedTo {
  const known = new Map<readonly Rule[], readonly RelatedPlace[]>();
  return (by) => {
    const related =
      known.get(by) ?? by.map(({ place, priority }) => ({ place, message: `Rule ${priority} decides before` }));
    known.set(by, related);
    return related;
  };
}

function findingFor(
  state: NodeState,
  rule: Rule,
  reach: Unreachable,
  { finding, isMissed }: Verdict,
  relatedTo: RelatedTo,
): Finding | undefined {
  if (!finding) return undefined;
  const { severity, confidence, message } = finding;
  return {
    code: "unreachable-rule",
    severity,
    confidence,
    place: rule.place,
    message,
    related: relatedTo(reach.by),
    data: isMissed ? missedRule(state, rule, reach) : { code: "unreachable-rule", rule, by: reach.by },
  };
}

/** The example is looked up when it is asked for: there may be thousands of such rules. */
function missedRule(state: NodeState, rule: Rule, reach: Unreachable): FindingData {
  return {
    code: "unreachable-rule",
    rule,
    by: reach.by,
    get example() {
      return lostAnswers(state, rule, reach).different;
    },
  };
}

function check({ state }: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const rules = fibOf(state, family).rules ?? [];
    const duplicates = new Set(duplicatesIn(state, family).flatMap(([, ...later]) => later));
    const verdicts = verdictsOf(state, family);
    const relatedTo = relatedRules();
    const found: Finding[] = [];
    reachesInOrder(state, family).forEach((reach, at) => {
      const rule = rules[at]?.rule;
      const verdict = verdicts[at];
      if (!rule || !verdict || reach.type !== "unreachable" || duplicates.has(rule)) return;
      const finding = findingFor(state, rule, reach, verdict, relatedTo);
      if (finding) found.push(finding);
    });
    return found;
  });
}

/** Earlier rules always decide before this one. */
export const unreachableRule: FindingKind = {
  code: "unreachable-rule",
  defaultSeverity: "warning",
  meaning:
    "An earlier rule, or several together, decide about every packet that this rule could match; names the fewest that do, and an example that would be treated otherwise. Proved over all selectors and the routes of the tables, for packets of sockets that are not bound to a device.",
  silentWhen: [
    "An earlier rule lets some packets go on: its table has no route for them, or was not dumped, or a suppressor or a `throw` route drops the answer.",
    "The rule would let every packet go on itself, because its table is empty.",
    "It refuses packets behind a look-up: then it guards against a table that lost its routes.",
    "The kernel, or another known owner, installs it (table `default` behind a default route of main).",
    "Only a same rule, or one with the same selector, decides before it: `duplicate-rule` and `contradicting-rules` say that.",
  ],
  example: `100: from 192.0.2.0/24 lookup 200    (table 200: default via 192.0.2.1)
150: from 192.0.2.7 lookup 201       (table 201: default via 192.0.2.254)`,
  check,
};

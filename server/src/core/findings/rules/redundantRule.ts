import type { CaseNode } from "../../case/case.js";
import { reachesOf } from "../../fib/reach/reachesOf.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { type NodeState, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { hasKnownOwner } from "../knownOwner.js";
import { confidenceIn, families, wordsForConfidence, wordsForRule } from "../ruleEvidence.js";
import { duplicatesIn } from "./duplicateRule.js";
import { prefixKey, selectorKeys } from "./sameSelector.js";

/** A rule that has no effect, and the earlier one that has it. */
interface Redundancy {
  readonly rule: Rule;
  readonly by: Rule;
}

/** Lengths of the prefixes that a rule asks for. Most lists have a handful of such shapes, whatever their length. */
interface Shape {
  readonly from: number;
  readonly to: number;
}

/** The rules so far that ask one table with the same suppressors. */
interface Askers {
  readonly shapes: Shape[];
  /** The first rule of each selector, by `selectorKey`. */
  readonly first: Map<string, Rule>;
}

/** Of a rule without suppressors. */
const unsuppressed = "/";

function suppressors({ suppressPrefixLength, suppressIfGroup }: Rule): string {
  return `${suppressPrefixLength ?? ""}/${suppressIfGroup ?? ""}`;
}

function shapeOf({ from, to }: Rule): Shape {
  return { from: from?.length ?? 0, to: to?.length ?? 0 };
}

/** The prefix made as short as a shape has it; undefined where it is shorter, so that no rule of the shape asks for all of it. */
function shortened(prefix: Prefix | undefined, length: number): string | undefined {
  if (length === 0) return "";
  return prefix && prefix.length >= length ? prefixKey({ ...prefix, length }) : undefined;
}

/** An earlier rule with another selector that asks for every packet that a rule asks for. */
function widerRule({ shapes, first }: Askers, rule: Rule): Rule | undefined {
  const { whole, withoutAddresses } = selectorKeys(rule);
  for (const shape of shapes) {
    const from = shortened(rule.from, shape.from);
    const to = from === undefined ? undefined : shortened(rule.to, shape.to);
    if (to === undefined) continue;
    for (const others of withoutAddresses === "" ? [""] : ["", withoutAddresses]) {
      const key = `${from} ${to} ${others}`;
      const wider = key === whole ? undefined : first.get(key);
      if (wider) return wider;
    }
  }
  return undefined;
}

function note({ shapes, first }: Askers, rule: Rule): void {
  const { whole } = selectorKeys(rule);
  if (first.has(whole)) return;
  first.set(whole, rule);
  const { from, to } = shapeOf(rule);
  if (!shapes.some((shape) => shape.from === from && shape.to === to)) shapes.push({ from, to });
}

/**
 * Rules that ask a table for packets for which an earlier rule asks the same table: what it holds for them the earlier rule has found, and
 * what it does not hold is not there the second time either, whatever the table holds. Linear in the number of rules.
 */
function redundanciesIn(state: NodeState, family: Family): Redundancy[] {
  const { rules = [] } = state.families[family];
  // A jump may lead past the earlier rule.
  if (rules.some(({ action }) => action.type === "goto")) return [];
  const askers = new Map<string, Askers>();
  return rules.flatMap((rule): Redundancy[] => {
    const table = rule.action.type === "lookup" ? tableId(state, rule.action.table) : undefined;
    if (table === undefined || rule.not || rule.l3mdev || rule.incomplete) return [];
    const dropped = suppressors(rule);
    const known = [...new Set([unsuppressed, dropped])].flatMap(
      (suppressor) => askers.get(`${table} ${suppressor}`) ?? [],
    );
    const [by] = known.flatMap((each) => widerRule(each, rule) ?? []);
    const own = askers.get(`${table} ${dropped}`) ?? { shapes: [], first: new Map() };
    askers.set(`${table} ${dropped}`, own);
    note(own, rule);
    return by ? [{ rule, by }] : [];
  });
}

function findingFor(node: CaseNode, { rule, by }: Redundancy): Finding {
  const confidence = confidenceIn(node, rule.family, []);
  return {
    code: "redundant-rule",
    severity: "hint",
    confidence,
    place: rule.place,
    message: [
      `This rule has no effect: ${wordsForRule(by)} asks the same table before, for every packet that this one could match.`,
      ...wordsForConfidence(confidence),
    ].join(" "),
    related: [{ place: by.place, message: "It asks the same table before" }],
    data: { code: "redundant-rule", rule, by },
  };
}

function check(node: CaseNode): Finding[] {
  return families.flatMap((family) => {
    const found = redundanciesIn(node.state, family);
    if (found.length === 0) return [];
    const reaches = reachesOf(node.state, family);
    const repeated = new Set(
      duplicatesIn(
        node.state,
        found.map(({ rule }) => rule),
      ).flatMap(([, ...later]) => later),
    );
    return found
      .filter(({ rule }) => reaches.get(rule)?.type !== "unreachable" && !repeated.has(rule))
      .filter(({ rule }) => !hasKnownOwner(rule))
      .map((each) => findingFor(node, each));
  });
}

/** A rule asks a table that was asked before. */
export const redundantRule: FindingKind = {
  code: "redundant-rule",
  defaultSeverity: "hint",
  meaning:
    "An earlier rule asks the same table for every packet that this rule could match, so this one has no effect, whatever the table holds.",
  silentWhen: [
    "Earlier rules decide before it in any case: `unreachable-rule` says that. The same selector twice is `duplicate-rule`.",
    "The earlier rule has a suppressor that this one lacks, or asks for something that this one does not.",
    "The list has a `goto`, which may lead past the earlier rule.",
    "The kernel, or another known owner, installs it.",
  ],
  example: `32766: from all lookup main
90009: from all iif lo lookup main`,
  check,
};

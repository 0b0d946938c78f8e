import type { CaseNode } from "../../case/case.js";
import { reachesInOrder } from "../../fib/reach/reachesOf.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { Prefix } from "../../net/prefix.js";
import { type NodeState, tableId } from "../../state/nodeState.js";
import type { Finding, FindingKind } from "../finding.js";
import { hasKnownOwner } from "../knownOwner.js";
import { confidenceIn, families, wordsForConfidence, wordsForRule } from "../ruleEvidence.js";
import { duplicatesIn } from "./duplicateRule.js";
import { othersKey, prefixKey, selectorKey } from "./sameSelector.js";

/** A rule that has no effect, and the earlier one that has it. */
interface Redundancy {
  readonly rule: Rule;
  /** Its position in the list. */
  readonly at: number;
  readonly by: Rule;
}

/**
 * The rules so far that ask one table with the same suppressors and have prefixes of the same lengths. Most lists have a handful of such
 * shapes, whatever their length.
 */
interface Shape {
  readonly from: number;
  readonly to: number;
  readonly rules: Rule[];
  /** The first rule of each selector, by `selectorKey`: of as many of the rules as were entered, since few lists are ever searched. */
  readonly first: Map<string, Rule>;
  entered: number;
}

/** The shapes of the rules so far that ask one table, by their suppressors. */
type Askers = Map<string, Shape[]>;

/** Of a rule without suppressors. */
const unsuppressed = "/";

function suppressors({ suppressPrefixLength, suppressIfGroup }: Rule): string {
  if (suppressPrefixLength === undefined && suppressIfGroup === undefined) return unsuppressed;
  return `${suppressPrefixLength ?? ""}/${suppressIfGroup ?? ""}`;
}

/** The prefix made as short as a shape has it. */
function shortened(prefix: Prefix | undefined, length: number): string {
  return prefix && length > 0 ? prefixKey({ ...prefix, length }) : "";
}

function firstWith(shape: Shape, key: string): Rule | undefined {
  const { rules, first } = shape;
  for (; shape.entered < rules.length; shape.entered++) {
    const rule = rules[shape.entered];
    if (rule && !first.has(selectorKey(rule))) first.set(selectorKey(rule), rule);
  }
  return first.get(key);
}

/** An earlier rule with another selector that asks for every packet that a rule asks for. */
function widerRule(shapes: readonly Shape[], rule: Rule): Rule | undefined {
  const { from, to } = lengthsOf(rule);
  let others: string | undefined;
  for (const shape of shapes) {
    if (shape.from > from || shape.to > to) continue;
    others ??= othersKey(rule);
    const isOwn = shape.from === from && shape.to === to;
    for (const asked of others === "" ? [""] : ["", others]) {
      // With the same prefixes and all else the same the selector would be its own.
      if (isOwn && asked === others) continue;
      const wider = firstWith(shape, `${shortened(rule.from, shape.from)} ${shortened(rule.to, shape.to)} ${asked}`);
      if (wider) return wider;
    }
  }
  return undefined;
}

function note(shapes: Shape[], rule: Rule): void {
  const { from, to } = lengthsOf(rule);
  const shape = shapes.find((each) => each.from === from && each.to === to);
  if (shape) shape.rules.push(rule);
  else shapes.push({ from, to, rules: [rule], first: new Map(), entered: 0 });
}

function lengthsOf({ from, to }: Rule): { readonly from: number; readonly to: number } {
  return { from: from?.length ?? 0, to: to?.length ?? 0 };
}

/**
 * Rules that ask a table for packets for which an earlier rule asks the same table: what it holds for them the earlier rule has found, and
 * what it does not hold is not there the second time either, whatever the table holds. Linear in the number of rules.
 */
function redundanciesIn(state: NodeState, family: Family): Redundancy[] {
  const { rules = [] } = state.families[family];
  // A jump may lead past the earlier rule.
  if (rules.some(({ action }) => action.type === "goto")) return [];
  const byTable = new Map<number, Askers>();
  return rules.flatMap((rule, at): Redundancy[] => {
    const table = rule.action.type === "lookup" ? tableId(state, rule.action.table) : undefined;
    if (table === undefined || rule.not || rule.l3mdev || rule.incomplete) return [];
    const askers = byTable.get(table) ?? new Map<string, Shape[]>();
    byTable.set(table, askers);
    const dropped = suppressors(rule);
    const own = askers.get(dropped) ?? [];
    askers.set(dropped, own);
    const by =
      widerRule(askers.get(unsuppressed) ?? [], rule) ?? (dropped === unsuppressed ? undefined : widerRule(own, rule));
    note(own, rule);
    return by ? [{ rule, at, by }] : [];
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
    const reaches = reachesInOrder(node.state, family);
    const repeated = new Set(duplicatesIn(node.state, family).flatMap(([, ...later]) => later));
    return found
      .filter(({ rule, at }) => reaches[at]?.type !== "unreachable" && !repeated.has(rule))
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

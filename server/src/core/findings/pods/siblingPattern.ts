import type { CaseNode } from "../../case/case.js";
import { tableWord } from "../../iproute/names.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { reservedTables } from "../../state/nodeState.js";
import { groupBy } from "../groupBy.js";
import { type PodTraces, podRuleOwner, podTraces } from "./podEvidence.js";

/** What most pods of a node have in common, and who lacks some of it. */
export interface SiblingPattern {
  /** A pod that has all of it, to take examples from. */
  readonly model: PodTraces;
  /** How many pods have all of it. */
  readonly count: number;
  /** Pods with a route and not all of the rules. */
  readonly withoutRules: readonly PodTraces[];
  /** Pods with all of the rules and no route. */
  readonly withoutRoute: readonly PodTraces[];
}

/** Fewer pods than this are no pattern. */
const fewestSiblings = 3;

/**
 * Learns what the pods of one family have in common. Undefined where there is no pattern: too few pods, or pods of more than one kind.
 * AWS VPC CNI gives `from` rules only to pods of other interfaces than the first, so these are no part of it.
 */
export function siblingPattern(node: CaseNode, family: Family): SiblingPattern | undefined {
  const { rulesComplete, tables } = node.state.families[family];
  const main = tables.get(reservedTables.main);
  if (!rulesComplete || main?.origin !== "dumped") return undefined;
  const groups = groupBy([...podTraces(node, family).values()], (pod) => featuresOf(pod).join(" | "));
  const [largest, ...others] = [...groups.values()].sort((a, b) => b.length - a.length);
  const model = largest?.[0];
  if (!largest || !model || largest.length < fewestSiblings) return undefined;
  const wanted = new Set(featuresOf(model));
  if (!wanted.has(routed) || wanted.size < 2) return undefined;
  const kinds = others.map((pods) => ({ pods, has: featuresOf(pods[0] ?? model) }));
  // Something that the others don't have makes it another kind of pod.
  if (kinds.some(({ has }) => !has.every((feature) => wanted.has(feature)))) return undefined;
  const withRoute = kinds.filter(({ has }) => has.includes(routed));
  const withoutRoute = kinds.filter(({ has }) => !has.includes(routed) && has.length === wanted.size - 1);
  if (withRoute.length > 1 || withRoute.length + withoutRoute.length < kinds.length) return undefined;
  const deviants = kinds.reduce((sum, { pods }) => sum + pods.length, 0);
  if (deviants >= largest.length) return undefined;
  return {
    model,
    count: largest.length,
    withoutRules: withRoute.flatMap(({ pods }) => pods),
    // Routes are listed by address: one behind the last may have been cut off with the end of the list.
    withoutRoute: withoutRoute
      .flatMap(({ pods }) => pods)
      .filter(({ address }) => main.routes.some(({ dst }) => dst.value > address.value)),
  };
}

const routed = "route";

/** A pod's rules and route, in words that do not name the pod. */
function featuresOf({ to, from, routes }: PodTraces): string[] {
  const rules = [...to, ...from].filter((rule) =>
    rule.to?.length !== undefined && !rule.from ? true : isCilium(rule),
  );
  const words = rules.map(ruleFeature);
  return [...new Set([...words, ...(routes.length > 0 ? [routed] : [])])].sort();
}

/** The model's rules that a pod has no counterpart of. */
export function lackedRules(pod: PodTraces, { model }: SiblingPattern): Rule[] {
  const has = new Set(featuresOf(pod));
  const wanted = new Set(featuresOf(model));
  return [...model.to, ...model.from].filter((rule) => wanted.has(ruleFeature(rule)) && !has.has(ruleFeature(rule)));
}

function isCilium(rule: Rule): boolean {
  return podRuleOwner(rule) === "Cilium";
}

/** Rules from a pod look up the table of its interface, which may be another one for each pod. */
function ruleFeature(rule: Rule): string {
  const { priority, from, to, action } = rule;
  if (!from) return `${priority} to POD ${action.type === "lookup" ? tableWord(action.table) : action.type}`;
  return `${priority} from POD${to ? ` to ${formatPrefix(to)}` : ""}`;
}

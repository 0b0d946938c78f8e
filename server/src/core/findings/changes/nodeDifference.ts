import { isCniDevice } from "../../cilium/devices.js";
import { type ChangedRegion, changedRegions } from "../../fib/comparison/changedRegions.js";
import type { Decision } from "../../fib/decision.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import { type NodeState, reservedTables } from "../../state/nodeState.js";
import { isUnchanged, type StateChanges, stateChanges } from "../../state/stateChanges.js";
import { type ChangeCause, causesOf } from "./changeCauses.js";

/** All that two states of a node, or two nodes, have different. */
export interface NodeDifference {
  readonly before: NodeState;
  readonly after: NodeState;
  readonly changes: StateChanges;
  /** Flows that are treated differently, the gravest first. */
  readonly regions: readonly ChangedRegion[];
  /** Whether all flows were compared. */
  readonly complete: boolean;
  /** What the flows' answers rest on, a clause each that completes "provided that ...". */
  readonly premises: readonly string[];
  /** Who usually does such a thing, the likeliest first. */
  readonly causes: readonly ChangeCause[];
}

const families: readonly Family[] = [4, 6];

/** Compares two states: what is listed differently, and which flows change by it. */
export function compareNodes(before: NodeState, after: NodeState): NodeDifference {
  const changes = stateChanges(before, after);
  const found = families.map((family) => compareFlows(before, after, family));
  const regions = found.flatMap((each) => each.regions);
  return {
    before,
    after,
    changes,
    regions: regions.toSorted((a, b) => gravity(a) - gravity(b)),
    complete: found.every(({ complete }) => complete),
    premises: found.flatMap(({ premises }) => premises),
    causes: causesOf(before, after, changes),
  };
}

/** Whether nothing differs, in lists and flows. */
export function isSame({ changes, regions }: NodeDifference): boolean {
  return regions.length === 0 && isUnchanged(changes);
}

function compareFlows(before: NodeState, after: NodeState, family: Family) {
  const lacking = [before, after].filter(({ families: { [family]: own } }) => own.rules === undefined);
  const tables = [before, after].map(({ families: { [family]: own } }) => own.tables.get(reservedTables.main));
  // Who dumps only routes mostly has only the default rules; that is a premise, and said.
  const assumes = lacking.length === 2 && tables.every((table) => table !== undefined);
  const comparison = assumes
    ? changedRegions(withDefaultRules(before, family), withDefaultRules(after, family), family)
    : changedRegions(before, after, family);
  const premises = assumes && comparison.regions.length > 0 ? [`there are only the default IPv${family} rules`] : [];
  return { ...comparison, premises };
}

function withDefaultRules(state: NodeState, family: Family): NodeState {
  const rule = (priority: number, name: "local" | "main" | "default"): Rule => ({
    family,
    not: false,
    priority,
    action: { type: "lookup", table: { id: reservedTables[name], name } },
    place: { file: "", start: 0, end: 0 },
    incomplete: false,
  });
  const rules = [rule(0, "local"), rule(32766, "main"), ...(family === 4 ? [rule(32767, "default")] : [])];
  const own = state.families[family];
  const empty = { id: reservedTables.default, name: "default", routes: [], origin: "absent", exact: true } as const;
  const tables = new Map([[reservedTables.default as number, empty], ...own.tables]);
  return { ...state, families: { ...state.families, [family]: { ...own, rules, rulesComplete: true, tables } } };
}

function isLocal(decision: Decision): boolean {
  return decision.type === "route" && decision.route.type === "local";
}

/** Whether a decision sends packets to the pods of the node or the cluster. */
export function leadsToPods(decision: Decision): boolean {
  if (decision.type !== "route") return false;
  return decision.nexthops.some((at) => isCniDevice(decision.route.nexthops[at]?.dev ?? ""));
}

/** Whether the flows of a region are worse off: the node misses packets for itself, a route is lost, or pods are not reached any more. */
export function isWorse({ before, after }: ChangedRegion): boolean {
  if (after.type === "missing" || before.type === "missing") return false;
  const loses = before.type === "route" && after.type !== "route";
  return loses || (isLocal(before) && !isLocal(after)) || (leadsToPods(before) && !leadsToPods(after));
}

/** Worse ones first, then other ways, last what one state does not tell. */
function gravity(region: ChangedRegion): number {
  if (isWorse(region)) return isLocal(region.before) ? 0 : 1;
  return region.before.type === "missing" || region.after.type === "missing" ? 3 : 2;
}

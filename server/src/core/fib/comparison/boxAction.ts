import { containsPrefix, formatPrefix } from "../../net/prefix.js";
import { classPrefix, exampleOfClasses } from "../addressClasses.js";
import { type ClassSet, classesOf, intersectClasses, subtractClasses, uniteClasses } from "../classSet.js";
import { type CompiledTable, sourceLength } from "../compiledTable.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import type { LookupError } from "../decision.js";
import { findTable } from "../evidence.js";
import { askTable } from "../ruleStep.js";
import { outcomeOf } from "../sameOutcome.js";
import { suppresses } from "../suppressor.js";
import { beginWalk } from "../walkState.js";
import { type Box, type FlowSpace, splitByCondition } from "./box.js";
import { groupByLeaf, plainRoute } from "./tableGroups.js";

/** How the walk of a box ends, in words for comparing alone. */
export interface BoxEnd {
  /** Same words: what `sameOutcome` calls the same. */
  readonly outcome: string;
  /** The outcome and the table that has it. */
  readonly way: string;
}

/** A part of a box on which a rule does one and the same thing: it ends the walk, or lets it go on. */
export interface BoxOutcome {
  readonly box: Box;
  readonly end?: BoxEnd;
}

/** What a rule does to a box of flows that all match it: `takeStep`, for many flows at once. Jumps are the caller's business. */
export function actOnBox(space: FlowSpace, fib: Fib, compiled: CompiledRule, box: Box): BoxOutcome[] {
  const { rule } = compiled;
  switch (rule.action.type) {
    case "goto":
    case "nop":
      return [{ box }];
    case "lookup": {
      const table = rule.l3mdev ? { missing: "l3mdev" } : findTable(fib, compiled);
      if (table === undefined) return [{ box }];
      if ("missing" in table) return [{ box, end: missingEnd(table.missing) }];
      return lookUpBox(space, fib, table, box, compiled);
    }
    case "prohibit":
      return [{ box, end: errorEnd("prohibit") }];
    case "unreachable":
      return [{ box, end: errorEnd("no-route") }];
    default:
      return [{ box, end: errorEnd("blackhole") }];
  }
}

/** IPv4 with only the default rules: local and main as one table, then default, and that is all (`walkMerged`). */
export function actMerged(space: FlowSpace, fib: Fib, merged: CompiledTable, whole: Box): BoxOutcome[] {
  const fallback = fib.rules?.at(-1);
  return lookUpBox(space, fib, merged, whole).flatMap((outcome) => {
    if (outcome.end || !fallback) return [outcome];
    return actOnBox(space, fib, fallback, outcome.box).map(({ box, end }) => ({ box, end: end ?? walkEnd(fib) }));
  });
}

/** The end of a walk that no rule decided. */
export function walkEnd({ familyState }: Fib): BoxEnd {
  return familyState.rulesComplete ? errorEnd("no-route") : missingEnd("rules");
}

function errorEnd(error: LookupError): BoxEnd {
  return { outcome: `error ${error}`, way: error };
}

function missingEnd(what: string): BoxEnd {
  return { outcome: `missing ${what}`, way: `missing ${what}` };
}

/** The walk goes on with the next rule. */
const passed = "";

/** One look-up for each route that flows of the box come to. What comes to the same stays together as one box. */
function lookUpBox(
  space: FlowSpace,
  fib: Fib,
  table: CompiledTable,
  whole: Box,
  compiled?: CompiledRule,
): BoxOutcome[] {
  const { routes, id } = table.table;
  if (routes.length === 0) return [{ box: whole }];
  const rule = compiled?.rule;
  const suppressor = rule?.suppressPrefixLength !== undefined || rule?.suppressIfGroup !== undefined ? rule : undefined;
  const isPlain = space.family === 4 && whole.template.oif === null && !suppressor;
  const outcomes: BoxOutcome[] = [];
  for (const box of alikeParts(space, table, whole)) {
    const groups = new Map<string, ClassSet[]>();
    const tell = (part: Box, outcome: string) => {
      if (part.premises !== box.premises) outcomes.push(outcomeBox(part, outcome));
      else push(groups, outcome, part.dst);
    };
    for (const [leaf, dst] of groupByLeaf(space.dst, table, box.dst, isPlain)) {
      const route = leaf >= 0 && isPlain ? plainRoute(table, leaf) : undefined;
      if (route) tell({ ...box, dst }, outcomeOf(route, [0]));
      else if (leaf < 0) tell({ ...box, dst }, passed);
      else lookUp({ ...box, dst }, tell);
    }
    for (const [outcome, sets] of groups) outcomes.push(outcomeBox({ ...box, dst: uniteClasses(sets) }, outcome));
  }
  return outcomes;

  function outcomeBox(box: Box, outcome: string): BoxOutcome {
    if (outcome === passed) return { box };
    return { box, end: { outcome, way: outcome.startsWith("error ") ? outcome : `${id} ${outcome}` } };
  }

  function lookUp(box: Box, tell: (box: Box, outcome: string) => void): void {
    const walk = walkOf(space, fib, box);
    if (!walk) return;
    const answer = askTable(walk, table);
    if (answer.type === "open") {
      const { inside, outside } = splitByCondition(box, answer.condition);
      for (const part of [...inside, ...outside]) lookUp(part, tell);
    } else if (answer.type === "found") {
      const { route, nexthops } = answer;
      const drops = suppressor && suppresses(suppressor, route, nexthops, fib.state.links).suppressed;
      tell(box, drops ? passed : outcomeOf(route, nexthops));
    } else tell(box, answer.type === "error" ? `error ${answer.error}` : passed);
  }
}

function push<K, V>(groups: Map<K, V[]>, key: K, value: V): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

/** A walk for an example of the box; undefined where the box holds no address. */
function walkOf(space: FlowSpace, fib: Fib, box: Box) {
  const dst = exampleOfClasses(space.dst, box.dst);
  const src = box.src ? exampleOfClasses(space.src, box.src) : null;
  if (!dst || src === undefined) return undefined;
  return beginWalk(fib, { ...box.template, family: space.family, dst, src }, box.premises, undefined);
}

/** Boxes whose flows an IPv6 table cannot tell apart but by the destination's route: by source, and by whether the device binds. */
function alikeParts(space: FlowSpace, table: CompiledTable, box: Box): readonly Box[] {
  if (space.family === 4) return [box];
  const destinations = [intersectClasses(box.dst, space.scoped), subtractClasses(box.dst, space.scoped)];
  return bySource(space, table, box).flatMap((part) =>
    destinations.filter(({ length }) => length > 0).map((dst) => ({ ...part, dst })),
  );
}

/** Where a table has routes for certain sources, a box for each set of sources that they treat alike. */
function bySource(space: FlowSpace, { index }: CompiledTable, box: Box): readonly Box[] {
  const sources = index.items.flatMap((route) => (route.from && sourceLength(route) > 0 ? [route.from] : []));
  if (sources.length === 0 || !box.src) return [box];
  const groups = new Map<string, ClassSet[]>();
  for (const at of classesOf(box.src)) {
    const prefix = classPrefix(space.src, at);
    const holding = sources.filter((source) => containsPrefix(source, prefix));
    push(groups, holding.map(formatPrefix).join(), [at, at + 1]);
  }
  return [...groups.values()].map((sets) => ({ ...box, src: uniteClasses(sets) }));
}

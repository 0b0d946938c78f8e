import type { Route } from "../../iproute/route.js";
import { containsPrefix, formatPrefix } from "../../net/prefix.js";
import { classPrefix, exampleOfClasses } from "../addressClasses.js";
import { type ClassSet, classesOf, intersectClasses, subtractClasses, uniteClasses } from "../classSet.js";
import type { CompiledTable } from "../compiledTable.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import type { LookupError } from "../decision.js";
import { findTable } from "../evidence.js";
import { askTable } from "../ruleStep.js";
import { outcomeOf } from "../sameOutcome.js";
import { suppresses } from "../suppressor.js";
import { beginWalk } from "../walkState.js";
import { type Box, type FlowSpace, splitByCondition } from "./box.js";
import { sourcePrefixes } from "./sourcePrefixes.js";
import { groupByLeaf, plainRoute } from "./tableGroups.js";

/** How the walk of a box ends, in words for comparing alone. */
export interface BoxEnd {
  /** Same words: what `sameOutcome` calls the same. */
  readonly outcome: string;
  /** The outcome, the table that has it, and of which kind its rule and route are. */
  readonly way: string;
  /** Only what kind of answer it is, whichever the device and the table. */
  readonly sort: string;
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
      return [{ box, end: errorEnd("prohibit", space.kinds.ofRule(rule)) }];
    case "unreachable":
      return [{ box, end: errorEnd("no-route", space.kinds.ofRule(rule)) }];
    default:
      return [{ box, end: errorEnd("blackhole", space.kinds.ofRule(rule)) }];
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

function errorEnd(error: LookupError, kind = ""): BoxEnd {
  const way = `${error} ${kind}`;
  return { outcome: `error ${error}`, way, sort: way };
}

function missingEnd(what: string): BoxEnd {
  const way = `missing ${what}`;
  return { outcome: way, way, sort: way };
}

/** The walk goes on with the next rule. */
const passed = "";

/** What a route makes of flows, for comparing: what it does with them, and its kind. */
interface Told {
  readonly outcome: string;
  readonly kind: string;
}

const goesOn: Told = { outcome: passed, kind: "" };

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
  const isPlain = space.family === 4 && whole.template.oif === null && rule?.suppressIfGroup === undefined;
  const together = isPlain ? { suppressed: rule?.suppressPrefixLength ?? -1 } : undefined;
  const ofRule = rule ? space.kinds.ofRule(rule) : "";
  const outcomes: BoxOutcome[] = [];
  for (const box of alikeParts(space, table, whole)) {
    const groups = new Map<string, { readonly told: Told; readonly sets: ClassSet[] }>();
    const tell = (part: Box, told: Told) => {
      if (part.premises !== box.premises) {
        outcomes.push(outcomeBox(part, told));
        return;
      }
      const key = `${told.outcome} ${told.kind}`;
      const group = groups.get(key);
      if (group) group.sets.push(part.dst);
      else groups.set(key, { told, sets: [part.dst] });
    };
    for (const [leaf, dst] of groupByLeaf(space, table, box.dst, together)) {
      const route = leaf >= 0 && isPlain ? plainRoute(table, leaf) : undefined;
      if (leaf < 0) tell({ ...box, dst }, goesOn);
      else if (!route) lookUp({ ...box, dst }, tell);
      else tell({ ...box, dst }, { outcome: outcomeOf(route, [0]), kind: space.kinds.ofRoute(route) });
    }
    for (const { told, sets } of groups.values()) outcomes.push(outcomeBox({ ...box, dst: uniteClasses(sets) }, told));
  }
  return outcomes;

  function isSuppressed(route: Route, nexthops: readonly number[]): boolean {
    return suppressor !== undefined && suppresses(suppressor, route, nexthops, fib.state.links).suppressed;
  }

  function outcomeBox(box: Box, { outcome, kind }: Told): BoxOutcome {
    if (outcome === passed) return { box };
    if (outcome.startsWith("error "))
      return { box, end: { outcome, way: `${outcome} ${ofRule}`, sort: `${outcome} ${ofRule}` } };
    return { box, end: { outcome, way: `${id} ${outcome} ${kind} ${ofRule}`, sort: `${kind} ${ofRule}` } };
  }

  function lookUp(box: Box, tell: (box: Box, told: Told) => void): void {
    const walk = walkOf(space, fib, box);
    if (!walk) return;
    const answer = askTable(walk, table);
    if (answer.type === "open") {
      const { inside, outside } = splitByCondition(box, answer.condition);
      for (const part of [...inside, ...outside]) lookUp(part, tell);
    } else if (answer.type === "found") {
      const { route, nexthops } = answer;
      tell(
        box,
        isSuppressed(route, nexthops)
          ? goesOn
          : { outcome: outcomeOf(route, nexthops), kind: space.kinds.ofRoute(route) },
      );
    } else tell(box, answer.type === "error" ? { outcome: `error ${answer.error}`, kind: "" } : goesOn);
  }
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
function bySource(space: FlowSpace, table: CompiledTable, box: Box): readonly Box[] {
  const sources = sourcePrefixes(table);
  if (sources.length === 0 || !box.src) return [box];
  const groups = new Map<string, ClassSet[]>();
  for (const at of classesOf(box.src)) {
    const prefix = classPrefix(space.src, at);
    const holding = sources.filter((source) => containsPrefix(source, prefix));
    const key = holding.map(formatPrefix).join();
    const group = groups.get(key);
    if (group) group.push([at, at + 1]);
    else groups.set(key, [[at, at + 1]]);
  }
  return [...groups.values()].map((sets) => ({ ...box, src: uniteClasses(sets) }));
}

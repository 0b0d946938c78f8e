import { routeChanges } from "../../state/routeChanges.js";
import { classCount, classesWithin } from "../addressClasses.js";
import { type ClassSet, classesMeet, intersectClasses, uniteClasses } from "../classSet.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { findTable } from "../evidence.js";
import type { Box, BoxSelector, FlowSpace } from "./box.js";
import { rangeMaximum } from "./rangeMaximum.js";
import type { RuleScript } from "./ruleScript.js";

/** One thing that differs between two states, with the flows it can touch at most. Absent sets: any. */
export interface Touch {
  /** The last step of the script at which it can make a difference. */
  readonly until: number;
  readonly from?: ClassSet;
  /** Whether it touches packets that have no source yet. */
  readonly unsourced: boolean;
  readonly to?: ClassSet;
}

/** The addresses of a box: all that touches look at. */
type Addresses = Pick<Box, "src" | "dst">;

/** Everything that differs between two states. Where it touches nothing of a box, both states treat the box alike. */
export interface Touches {
  /** In the order of the script. */
  readonly list: readonly Touch[];
  /** Whether a difference that is still ahead at `step` can touch a box. */
  isAhead(box: Addresses, step: number): boolean;
  /** Whether the rule of this very step may do something else to a box, in the one state and in the other. */
  isAt(box: Addresses, step: number): boolean;
  /**
   * Whether it makes any difference to cut off what a rule asks for, as long as the walks of both states are at the same place: not where
   * nothing of that is touched any more. Such flows may stay with the others of their box, for they go on alike, wherever they go.
   */
  isWorthCutting(step: number): boolean;
}

/**
 * What differs between two states, the first two of the script.
 *
 * @param selectors of each step
 */
export function findTouches(
  space: FlowSpace,
  [before, after]: readonly [Fib, Fib],
  script: RuleScript,
  selectors: readonly BoxSelector[],
): Touches {
  return indexTouches(space, listTouches(space, [before, after], script, selectors), selectors);
}

const always = Number.POSITIVE_INFINITY;

function indexTouches(space: FlowSpace, list: readonly Touch[], selectors: readonly BoxSelector[]): Touches {
  const steps = selectors.length;
  const last = { from: new Int32Array(classCount(space.src)), to: new Int32Array(classCount(space.dst)) };
  const anywhere = { from: -1, to: -1, unsourced: -1 };
  last.from.fill(-1);
  last.to.fill(-1);
  // Where the touches that last until a step or longer begin in the list; those that always last are alone in it.
  const begin = new Int32Array(steps + 1).fill(list.length);
  for (const [at, touch] of list.entries()) {
    const until = Math.min(touch.until, steps);
    for (const side of ["from", "to"] as const) {
      const set = touch[side];
      if (!set) anywhere[side] = until;
      for (let range = 0; set && range < set.length; range += 2) last[side].fill(until, set[range], set[range + 1]);
    }
    if (touch.unsourced) anywhere.unsourced = until;
    begin[until] = Math.min(begin[until] as number, at);
  }
  for (let step = steps - 1; step >= 0; step--)
    begin[step] = Math.min(begin[step] as number, begin[step + 1] as number);
  const lastFrom = rangeMaximum(last.from);
  const lastTo = rangeMaximum(last.to);
  // By source and by destination alone: a box that nothing touches mostly shows it by one of them.
  const mayBeAhead = ({ src, dst }: Addresses, step: number): boolean =>
    (src ? Math.max(anywhere.from, lastFrom.over(src)) : anywhere.unsourced) >= step &&
    Math.max(anywhere.to, lastTo.over(dst)) >= step;
  const isAhead = (box: Addresses, step: number): boolean => {
    if (!mayBeAhead(box, step)) return false;
    for (let at = begin[Math.min(step, steps)] as number; at < list.length; at++) {
      if (meets(list[at] as Touch, box)) return true;
    }
    return false;
  };
  const everything = { src: [0, classCount(space.src)], dst: [0, classCount(space.dst)] };
  return {
    list,
    isAhead,
    isAt(box, step) {
      for (let at = begin[step] as number; at < list.length; at++) {
        const touch = list[at] as Touch;
        if (touch.until > step && touch.until !== always) return false;
        if (meets(touch, box)) return true;
      }
      return false;
    },
    isWorthCutting(step) {
      const { selector, from, to, unsourced } = selectors[step] as BoxSelector;
      if (selector.not) return true;
      const dst = to ?? everything.dst;
      return (
        mayBeAhead({ src: from ?? everything.src, dst }, step) ||
        (unsourced && mayBeAhead({ src: undefined, dst }, step))
      );
    },
  };
}

function meets({ from, unsourced, to }: Touch, { src, dst }: Addresses): boolean {
  return (src ? !from || classesMeet(from, src) : unsourced) && (!to || classesMeet(to, dst));
}

function listTouches(
  space: FlowSpace,
  [before, after]: readonly [Fib, Fib],
  { steps, places }: RuleScript,
  selectors: readonly BoxSelector[],
): Touch[] {
  if (!sameSurroundings(before, after)) return [{ until: always, unsourced: true }];
  const changes = new Map<string, ClassSet>();
  const changedClasses = (left: CompiledRule, right: CompiledRule): ClassSet => {
    const key = `${left.tableId} ${right.tableId}`;
    const known = changes.get(key) ?? changedIn(space, before, after, left, right);
    changes.set(key, known);
    return known;
  };
  return steps.flatMap(([left, right], step): Touch[] => {
    const selector = selectors[step];
    if (!left && !right) return [];
    if (!left || !right) return [touchOf(step, selector)];
    if (left.rule.action.type === "goto") {
      return jumpOf(places[0], left) === jumpOf(places[1], right) ? [] : [touchOf(step, selector)];
    }
    if (left.rule.action.type !== "lookup") return [];
    const changed = changedClasses(left, right);
    const touch = touchOf(step, selector, changed);
    // What changed in the table may all be beside what the rule is for.
    return changed.length > 0 && touch.to?.length !== 0 ? [touch] : [];
  });
}

function touchOf(until: number, selector: BoxSelector | undefined, changed?: ClassSet): Touch {
  const within = selector?.selector.not ? undefined : selector;
  const to = within?.to && changed ? intersectClasses(within.to, changed) : (within?.to ?? changed);
  return {
    until,
    ...(within?.from && { from: within.from }),
    unsourced: within?.unsourced ?? true,
    ...(to && { to }),
  };
}

function jumpOf(places: Int32Array | undefined, { target }: CompiledRule): number | undefined {
  return target === undefined ? undefined : places?.[target];
}

/** The classes of destinations for which two tables may answer differently. */
function changedIn(space: FlowSpace, before: Fib, after: Fib, left: CompiledRule, right: CompiledRule): ClassSet {
  const [a, b] = [findTable(before, left), findTable(after, right)];
  const everything: ClassSet = [0, classCount(space.dst)];
  if ((a && "type" in a) || (b && "type" in b)) {
    return a && b && "type" in a && "type" in b && a.missing === b.missing ? [] : everything;
  }
  if (a === b) return [];
  const { gone, come, moved } = routeChanges(a?.table.routes ?? [], b?.table.routes ?? []);
  const routes = [...gone, ...come, ...moved.flatMap((pair) => [pair.before, pair.after])];
  return uniteClasses(routes.map(({ dst }) => classesWithin(space.dst, dst)));
}

/** Whether all that look-ups rest on besides rules and routes is the same: what was dumped whole, VRFs, device groups, two sysctls. */
function sameSurroundings(before: Fib, after: Fib): boolean {
  if (before.state === after.state) return true;
  if (!!before.merged !== !!after.merged) return false;
  if (before.familyState.rulesComplete !== after.familyState.rulesComplete) return false;
  const setting = ({ state, family }: Fib) =>
    [...state.sysctls.values()]
      .filter(
        ({ key }) =>
          key.endsWith(".ignore_routes_with_linkdown") || (family === 6 && key === "net.ipv6.conf.all.forwarding"),
      )
      .map(({ key, value }) => `${key}=${value.trim()}`)
      .sort()
      .join();
  const devices = ({ state, vrfs }: Fib) =>
    [...state.links.values()]
      .map(({ name, group }) => `${name} ${group ?? ""} ${vrfs.of(name) ?? ""}`)
      .sort()
      .join();
  const asksGroups = [before, after].some(({ rules }) => rules?.some(({ rule }) => rule.suppressIfGroup !== undefined));
  const hasVrfs = before.vrfs.members.size + after.vrfs.members.size > 0;
  return (
    (before.state.sysctls === after.state.sysctls || setting(before) === setting(after)) &&
    (!(asksGroups || hasVrfs) || before.state.links === after.state.links || devices(before) === devices(after))
  );
}

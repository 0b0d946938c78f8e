import { routeChanges } from "../../state/routeChanges.js";
import { classCount, classesWithin } from "../addressClasses.js";
import { type ClassSet, classesMeet, intersectClasses, uniteClasses } from "../classSet.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { findTable } from "../evidence.js";
import type { Box, BoxSelector, FlowSpace } from "./box.js";
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

/** Everything that differs, in the order of the script. Where it touches nothing of a box, both states treat the box alike. */
export function findTouches(
  space: FlowSpace,
  before: Fib,
  after: Fib,
  script: RuleScript,
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
  return script.steps.flatMap(({ before: left, after: right }, step): Touch[] => {
    const selector = selectors[step];
    if (!left || !right) return [touchOf(step, selector)];
    if (left.rule.action.type === "goto") {
      return jumpOf(script.before, left) === jumpOf(script.after, right) ? [] : [touchOf(step, selector)];
    }
    if (left.rule.action.type !== "lookup") return [];
    const changed = changedClasses(left, right);
    const touch = touchOf(step, selector, changed);
    // What changed in the table may all be beside what the rule is for.
    return changed.length > 0 && touch.to?.length !== 0 ? [touch] : [];
  });
}

/** Whether a difference that is still ahead at `step` can touch a box. */
export function isTouched(box: Box, touches: readonly Touch[], step: number): boolean {
  return touches.some((touch) => touch.until >= step && meets(touch, box));
}

/** Whether the rule of this very step may do something else to a box, in the one state and in the other. */
export function isTouchedAt(box: Box, touches: readonly Touch[], step: number): boolean {
  return touches.some((touch) => (touch.until === step || touch.until === always) && meets(touch, box));
}

function meets({ from, unsourced, to }: Touch, box: Box): boolean {
  return (!from || (box.src ? classesMeet(from, box.src) : unsourced)) && (!to || classesMeet(to, box.dst));
}

const always = Number.POSITIVE_INFINITY;

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

function jumpOf(places: Int32Array, { target }: CompiledRule): number | undefined {
  return target === undefined ? undefined : places[target];
}

/** The classes of destinations for which two tables may answer differently. */
function changedIn(space: FlowSpace, before: Fib, after: Fib, left: CompiledRule, right: CompiledRule): ClassSet {
  const [a, b] = [findTable(before, left), findTable(after, right)];
  const everything: ClassSet = [0, classCount(space.dst)];
  if ((a && "type" in a) || (b && "type" in b)) {
    return a && b && "type" in a && "type" in b && a.missing === b.missing ? [] : everything;
  }
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
  return setting(before) === setting(after) && (!(asksGroups || hasVrfs) || devices(before) === devices(after));
}

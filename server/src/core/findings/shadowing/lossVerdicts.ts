import { otherDevice } from "../../fib/exampleFlows.js";
import { fibOf } from "../../fib/fibOf.js";
import { perFamily } from "../../fib/perFamily.js";
import { prefixRange } from "../../fib/reach/addressRanges.js";
import { mayShareFlows } from "../../fib/reach/askedPackets.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import type { Route } from "../../iproute/route.js";
import { type Family, familyBits } from "../../net/address.js";
import { firstAddress, type Prefix, samePrefix } from "../../net/prefix.js";
import { carriedFrom, type FamilyChange } from "../../state/familyChange.js";
import type { NodeState } from "../../state/nodeState.js";
import { type FoundLosses, type Loss, lossesAmong, tryLimit, victimSearch } from "./losses.js";
import { overlappingRoutes, routesLeft } from "./sortedRoutes.js";
import { victimKinds } from "./victimKind.js";
import { type KindOf, type VictimRoute, type VictimRoutes, victimRoutes } from "./victimRoutes.js";

/** What was found out about one rule. */
type Verdict =
  /** All that it takes away. */
  | { readonly type: "searched"; readonly found: FoundLosses }
  /** Whether it takes packets away from this route. */
  | { readonly type: "asked"; readonly route: Route; readonly takes: boolean };

/** What rules take away from the routes of a kind, found out when it is asked for. */
export interface LossVerdicts {
  /** All that the rule at a position takes away. Asked for one rule after the other. */
  lossesOf(at: number): FoundLosses;
  /** Whether it takes packets away from a route. */
  takesFrom(at: number, route: Route): boolean;
}

interface Kept {
  readonly routes: VictimRoutes;
  /** By the positions of rules. */
  readonly verdicts: (Verdict | undefined)[];
  readonly verdictsOf: LossVerdicts;
}

/**
 * Makes the search for what rules take away from routes of a kind. It remembers what it found out about a state; and after an edit, what was
 * found out about the earlier state counts as far as the edit can't have changed it.
 */
export function lossVerdicts(kindOf: KindOf, limit: number): (state: NodeState, family: Family) => LossVerdicts {
  const routesOf = victimRoutes(kindOf);
  const kept = perFamily<Kept>(
    (state, family) => keep(state, family, routesOf(state, family), [], limit),
    (before, change, state, family) => {
      const routes = routesOf(state, family);
      const verdicts = carryVerdicts(before, change, state, family, routes, limit);
      return verdicts && keep(state, family, routes, verdicts, limit);
    },
  );
  return (state, family) => kept(state, family).verdictsOf;
}

function keep(
  state: NodeState,
  family: Family,
  routes: VictimRoutes,
  verdicts: (Verdict | undefined)[],
  limit: number,
): Kept {
  const search = victimSearch(state, family);
  const left = routesLeft(routes);
  const verdictsOf: LossVerdicts = {
    lossesOf(at) {
      const known = verdicts[at];
      if (known?.type === "searched") return known.found;
      const rule = search.fib.rules?.[at]?.rule;
      const found = lossesAmong(search, at, rule?.to && !rule.not ? routes : left(at), limit);
      verdicts[at] = { type: "searched", found };
      return found;
    },
    takesFrom(at, route) {
      const known = verdicts[at];
      if (known?.type === "asked" && isMovedRoute(known.route, route)) return known.takes;
      if (known?.type === "searched" && known.found.until === undefined) {
        return known.found.losses.some((loss) => isMovedRoute(loss.route, route));
      }
      const list = overlappingRoutes(routes.list, prefixRange(route.dst)).filter((each) =>
        isMovedRoute(each.route, route),
      );
      const takes = lossesAmong(search, at, { ...routes, list }, 1).losses.length > 0;
      verdicts[at] = { type: "asked", route, takes };
      return takes;
    },
  };
  return { routes, verdicts, verdictsOf };
}

/** More routes than this are not looked at again for each rule. */
const touchedLimit = 64;

/**
 * The verdicts of the earlier state that hold in this one, by the positions of the rules: no rule that came or went may match a packet of
 * the rule in question, so that each of its packets meets the same rules; and what the edit's routes may have changed is tried again.
 * Undefined where nothing is sure to hold.
 */
function carryVerdicts(
  before: Kept,
  change: FamilyChange,
  state: NodeState,
  family: Family,
  routes: VictimRoutes,
  limit: number,
): (Verdict | undefined)[] | undefined {
  const fib = fibOf(state, family);
  const old = fibOf(change.before, family);
  // Examples come in by a device that no rule names, and behind a jump everything depends on everything.
  if (fib.jumps.length > 0 || old.jumps.length > 0) return undefined;
  if (otherDevice(old.familyState) !== otherDevice(fib.familyState)) return undefined;
  const { start, end, oldEnd } = change.rules;
  const changed = [...(old.rules ?? []).slice(start, oldEnd), ...(fib.rules ?? []).slice(start, end)];
  const prefixes = [...change.tables.values()].flat();
  const then = touched(before.routes, prefixes);
  const now = touched(routes, prefixes);
  if (then.length > touchedLimit || now.length > touchedLimit) return undefined;
  const search = victimSearch(state, family);
  return (fib.rules ?? []).map((compiled, at): Verdict | undefined => {
    const verdict = before.verdicts[carriedFrom(change.rules, at)];
    if (!verdict || changed.some((other) => mayShareFlows(other, compiled))) return undefined;
    // What a pod sends comes in by the device that its route tells.
    if (isHostAmong(prefixes, compiled.rule.from)) return undefined;
    if (verdict.type === "asked") {
      return then.some(({ route }) => isMovedRoute(route, verdict.route)) ? undefined : verdict;
    }
    const found = carryFound(verdict.found, at);
    return found && { type: "searched", found };
  });

  function carryFound(found: FoundLosses, at: number): FoundLosses | undefined {
    const { losses, tries, until } = found;
    const gone = lookedAt(then, until);
    const come = lookedAt(now, until);
    if (gone.length === 0 && come.length === 0) return found;
    if (tries + come.length >= tryLimit) return undefined;
    const kept = losses.filter(({ route }) => !gone.some((each) => isMovedRoute(each.route, route)));
    const { losses: fresh } = lossesAmong(search, at, { ...routes, list: come });
    if (kept.length === losses.length && fresh.length === 0) return found;
    const count = kept.length + fresh.length;
    // Where the search ended early, another number of them would make it end elsewhere.
    if (until === undefined ? count >= limit : count !== losses.length) return undefined;
    return { ...found, losses: [...kept, ...fresh].sort(compareLosses) };
  }
}

/** The routes that overlap some prefixes. */
function touched({ list }: VictimRoutes, prefixes: readonly Prefix[]): readonly VictimRoute[] {
  const found = new Set(prefixes.flatMap((prefix) => overlappingRoutes(list, prefixRange(prefix))));
  return prefixes.length > 1 ? list.filter((victim) => found.has(victim)) : [...found];
}

/** Those that a search came to which ended at an address. */
function lookedAt(list: readonly VictimRoute[], until: bigint | undefined): readonly VictimRoute[] {
  return until === undefined ? list : list.filter(({ range }) => range.first <= until);
}

function compareLosses(a: Loss, b: Loss): number {
  return victimKinds.indexOf(a.kind) - victimKinds.indexOf(b.kind) || comparePrefixes(a.route.dst, b.route.dst);
}

function comparePrefixes(a: Prefix, b: Prefix): number {
  return Number(firstAddress(a).value - firstAddress(b).value) || a.length - b.length;
}

function isHostAmong(prefixes: readonly Prefix[], address: Prefix | undefined): boolean {
  const isHost = address !== undefined && address.length === familyBits(address.family);
  return isHost && prefixes.some((prefix) => samePrefix(prefix, address));
}

import { fibOf } from "../../fib/fibOf.js";
import { isMovedRoute } from "../../iproute/movedRoute.js";
import type { Route } from "../../iproute/route.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import { alikeShadows } from "./alikeShadows.js";
import { type Loss, victimLimit } from "./losses.js";
import { lossVerdicts } from "./lossVerdicts.js";
import { graveKind, lesserKind } from "./victimKind.js";

/** A rule and the routes it takes packets away from. */
export interface Shadow {
  readonly rule: Rule;
  /** The position of the rule. */
  readonly at: number;
  readonly losses: readonly Loss[];
  /** Later rules that differ in nothing but their source, and take packets away from the same routes. */
  readonly alike: readonly Rule[];
}

/** Lesser victims are only mentioned beside grave ones. */
const lesserLimit = 32;

function takesSame(some: readonly Loss[], others: readonly Loss[]): boolean {
  return some.length === others.length && some.every(({ route }, index) => isTwin(route, others[index]?.route));
}

/** Whether two routes are one, perhaps read at another place before an edit. */
function isTwin(a: Route, b: Route | undefined): boolean {
  return b !== undefined && isMovedRoute(a, b);
}

const graveVerdicts = lossVerdicts(graveKind, victimLimit);
const lesserVerdicts = lossVerdicts(lesserKind, lesserLimit);

/** All rules of a family that take packets away from routes whose loss is grave, in the order of the list. */
export function shadowsIn(state: NodeState, family: Family): Shadow[] {
  const fib = fibOf(state, family);
  if (!fib.rules || fib.merged) return [];
  const shadows: Shadow[] = [];
  for (const { found, alike } of alikeShadows(state, family, graveVerdicts(state, family))) {
    // Where one rule speaks for many, it does so for all that take the same.
    const [first] = found;
    const isSpokenFor = ({ losses }: Pick<Shadow, "losses">): boolean =>
      alike.length > 0 && losses !== first?.losses && takesSame(losses, first?.losses ?? []);
    const spokenFor = [...found.filter(isSpokenFor).map(({ rule }) => rule), ...alike];
    for (const [place, { at, rule, losses }] of found.filter((each) => !isSpokenFor(each)).entries()) {
      shadows.push({
        rule,
        at,
        losses: [...losses, ...lesserVerdicts(state, family).lossesOf(at).losses],
        alike: place === 0 ? spokenFor : [],
      });
    }
  }
  return shadows;
}

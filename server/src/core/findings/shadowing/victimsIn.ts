import { fibOf } from "../../fib/fibOf.js";
import { exampleDestinations } from "../../fib/reach/exampleDestinations.js";
import type { Rule } from "../../iproute/rule.js";
import type { Family } from "../../net/address.js";
import type { NodeState } from "../../state/nodeState.js";
import type { Victim } from "../finding.js";
import { alikeShadows } from "./alikeShadows.js";
import { graveKind, lesserKind } from "./victimKind.js";
import { type VictimRoute, victimRoutes } from "./victimRoutes.js";
import { victimSearch, victimsAmong } from "./victims.js";

/** A rule and the routes it takes packets away from. */
export interface Shadow {
  readonly rule: Rule;
  readonly victims: readonly Victim[];
  /** Later rules that differ in nothing but their source, and take packets away from the same routes. */
  readonly alike: readonly Rule[];
}

/** Lesser victims are only mentioned beside grave ones. */
const lesserLimit = 32;

function takesSame(some: readonly Victim[], others: readonly Victim[]): boolean {
  return some.length === others.length && some.every(({ route }, index) => route === others[index]?.route);
}

/** All rules of a family that take packets away from routes whose loss is grave, in the order of the list. */
export function victimsIn(state: NodeState, family: Family): Shadow[] {
  const fib = fibOf(state, family);
  if (!fib.rules || fib.merged) return [];
  const examples = exampleDestinations(state, family);
  const search = victimSearch(state, examples);
  const grave = victimRoutes(fib, examples, graveKind);
  const groups = alikeShadows(search, grave);
  let lesser: readonly VictimRoute[] | undefined;
  const shadows: Shadow[] = [];
  for (const { found, alike } of groups) {
    // Where one rule speaks for many, it does so for all that take the same.
    const [first] = found;
    const isSpokenFor = ({ victims }: Pick<Shadow, "victims">): boolean =>
      alike.length > 0 && victims !== first?.victims && takesSame(victims, first?.victims ?? []);
    const spokenFor = [...found.filter(isSpokenFor).map(({ rule }) => rule), ...alike];
    for (const [place, { at, rule, victims }] of found.filter((each) => !isSpokenFor(each)).entries()) {
      lesser ??= victimRoutes(fib, examples, lesserKind);
      shadows.push({
        rule,
        victims: [...victims, ...victimsAmong(search, at, lesser, lesserLimit)],
        alike: place === 0 ? spokenFor : [],
      });
    }
  }
  return shadows;
}

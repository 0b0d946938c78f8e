import type { Fib } from "../../fib/compileFib.js";
import { type AddressSet, intersectAddresses, prefixRange } from "../../fib/reach/addressRanges.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";
import type { Rule } from "../../iproute/rule.js";
import { containsPrefix } from "../../net/prefix.js";
import { selectorKeys } from "../rules/sameSelector.js";

/** The destinations for which an earlier rule ends the walk of every packet that a later one asks for; empty where that is not sure. Not for lists with a `goto`. */
export function takenRanges(fib: Fib, earlier: number, later: number): AddressSet {
  const first = fib.rules?.[earlier];
  const second = fib.rules?.[later];
  if (!first || !second) return [];
  if (!asksForAll(first.rule, second.rule)) return [];
  const ends = endingDestinations(fib, first, null);
  const { to } = first.rule;
  return to && to.length > 0 ? intersectAddresses([prefixRange(to)], ends) : ends;
}

/** Whether a rule asks, besides the destination, for every packet that another one asks for. */
function asksForAll(wide: Rule, narrow: Rule): boolean {
  if (wide.not || narrow.not) return false;
  if (wide.from && !(narrow.from && containsPrefix(wide.from, narrow.from))) return false;
  const asked = selectorKeys(wide).withoutAddresses;
  return asked === "" || asked === selectorKeys(narrow).withoutAddresses;
}

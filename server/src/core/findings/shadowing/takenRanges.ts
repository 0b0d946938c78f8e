import type { Fib } from "../../fib/compileFib.js";
import { type AddressSet, intersectAddresses, prefixRange } from "../../fib/reach/addressRanges.js";
import { asksForAll } from "../../fib/reach/askedPackets.js";
import { endingDestinations } from "../../fib/reach/endingDestinations.js";

/** The destinations for which an earlier rule ends the walk of every packet that a later one asks for; empty where that is not sure. Not for lists with a `goto`. */
export function takenRanges(fib: Fib, earlier: number, later: number): AddressSet {
  const first = fib.rules?.[earlier];
  const second = fib.rules?.[later];
  if (!first || !second) return [];
  if (!asksForAll(first, second)) return [];
  const ends = endingDestinations(fib, first, null);
  const { to } = first.rule;
  return to && to.length > 0 ? intersectAddresses([prefixRange(to)], ends) : ends;
}

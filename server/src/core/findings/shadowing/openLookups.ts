import type { CompiledRule, Fib } from "../../fib/compileFib.js";
import { mayShareFlows } from "../../fib/reach/askedPackets.js";

const known = new WeakMap<Fib, ReadonlyMap<number, readonly number[]>>();

/** By table, the positions of the rules that look it up. Found once. */
function lookupsOf(fib: Fib): ReadonlyMap<number, readonly number[]> {
  let lookups = known.get(fib);
  if (!lookups) {
    const found = new Map<number, number[]>();
    fib.rules?.forEach(({ tableId }, at) => {
      if (tableId === undefined) return;
      const list = found.get(tableId);
      if (list) list.push(at);
      else found.set(tableId, [at]);
    });
    lookups = found;
    known.set(fib, lookups);
  }
  return lookups;
}

/** The positions of the rules behind one, and before another position, that look up a table and may have packets in common with the one. */
export function* openLookups(fib: Fib, at: number, table: number, end: number): Generator<number> {
  const compiled = fib.rules?.[at];
  if (!compiled) return;
  for (const later of lookupsOf(fib).get(table) ?? []) {
    if (later >= end) return;
    if (later > at && mayShareFlows(compiled, fib.rules?.[later] as CompiledRule)) yield later;
  }
}

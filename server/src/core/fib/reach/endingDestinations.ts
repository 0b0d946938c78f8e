import type { Route } from "../../iproute/route.js";
import { type CompiledTable, sourceLength } from "../compiledTable.js";
import type { CompiledRule, Fib } from "../compileFib.js";
import { findTable } from "../evidence.js";
import { suppresses } from "../suppressor.js";
import { refusal } from "../tableAnswer.js";
import { type AddressRange, type AddressSet, allAddresses, prefixRange } from "./addressRanges.js";

/**
 * The destinations for which a rule ends the walk once it matches, whatever else the flow may be. For a look-up these are the
 * destinations of its table's routes, without those of `throw` routes and without what a suppressor drops. A route that also asks for
 * a tos or a source ends it for some flows only and does not count; one that may keep another route from answering counts against it.
 * Empty where the table was not dumped.
 *
 * @param oif the device that the flows are bound to; routes by others are not seen then.
 */
export function endingDestinations(fib: Fib, compiled: CompiledRule, oif: string | null): AddressSet {
  const { rule } = compiled;
  const { type } = rule.action;
  if (type === "goto" || type === "nop") return [];
  if (type !== "lookup") return allAddresses(fib.family);
  const table = rule.l3mdev ? undefined : findTable(fib, compiled);
  if (!table || "type" in table) return [];
  const key = `${rule.suppressPrefixLength ?? ""} ${rule.suppressIfGroup ?? ""} ${oif ?? ""}`;
  const found = table.endings.get(key) ?? findDestinations(fib, compiled, table, oif);
  table.endings.set(key, found);
  return found;
}

/** How a prefix's routes answer: they end the walk, let it go on, or say nothing, so that the next shorter prefix answers. */
type Answer = "ends" | "passes" | "silent";

function findDestinations(fib: Fib, { rule }: CompiledRule, table: CompiledTable, oif: string | null): AddressSet {
  const { starts, items, parents, lengths } = table.index;
  const suppressor = rule.suppressPrefixLength !== undefined || rule.suppressIfGroup !== undefined;
  const answers: Answer[] = [];
  const ranges: { readonly range: AddressRange; readonly ends: boolean }[] = [];
  for (let leaf = 0; leaf < lengths.length; leaf++) {
    const around = answers[parents[leaf] as number] ?? "passes";
    const own = isPlain(leaf) ? "ends" : answerOf(items.slice(starts[leaf], starts[leaf + 1]));
    const answer = own === "silent" ? around : own;
    answers.push(answer);
    // Most prefixes do as the one around them; then there is no edge.
    const ends = answer === "ends";
    if (ends !== (around === "ends")) {
      ranges.push({ range: prefixRange((items[starts[leaf] as number] as Route).dst), ends });
    }
  }
  return flatten(ranges);

  /** Whether a prefix's only route answers whatever the packet. */
  function isPlain(leaf: number): boolean {
    const at = starts[leaf] as number;
    if (suppressor || oif !== null || table.plain[at] !== 1 || starts[leaf + 1] !== at + 1) return false;
    return fib.family === 4 || sourceLength(items[at] as Route) === 0;
  }

  function answerOf(routes: readonly Route[]): Answer {
    // IPv6 does not search on from a prefix that has routes for certain sources only, and chooses among equal metrics by more than order.
    if (routes.some(({ from, dst }) => from !== undefined && from.length > 0 && dst.length > 0)) return "passes";
    const given = routes.map((route) => ({ answer: answerOfRoute(route), conditional: asksMore(route) }));
    if (fib.family === 6 && given.some(({ answer }) => answer === "passes")) return "passes";
    const first = given.find(({ answer, conditional }) => answer === "passes" || (answer === "ends" && !conditional));
    return first?.answer ?? "silent";
  }

  function answerOfRoute(route: Route): Answer {
    const refused = refusal(route);
    if (refused) return refused.type === "none" ? "passes" : refusesBound(route) ? "silent" : "ends";
    const usable = [...route.nexthops.keys()].filter((at) => {
      const nexthop = route.nexthops[at];
      return nexthop && table.usable(nexthop) && (oif === null || nexthop.dev === oif);
    });
    if (usable.length === 0 && (route.nexthops.length > 0 || oif !== null)) return "silent";
    const { suppressed, assumption } = suppresses(rule, route, usable, fib.state.links);
    return suppressed || assumption ? "passes" : "ends";
  }

  /** In IPv6, routes that refuse are bound to `lo` and are not seen by a socket that is bound to another device. */
  function refusesBound({ family }: Route): boolean {
    return family === 6 && oif !== null && oif !== "lo";
  }
}

/** Whether a route answers some flows to its destination only. */
function asksMore({ tos, from }: Route): boolean {
  return Boolean(tos) || (from !== undefined && from.length > 0);
}

/** The ranges that end the walk where no range inside of them says otherwise. Given by first address, the wider one first. */
function flatten(ranges: readonly { readonly range: AddressRange; readonly ends: boolean }[]): AddressSet {
  const result: AddressRange[] = [];
  const open: { readonly last: bigint; readonly ends: boolean }[] = [];
  let next = 0n;
  const emit = (last: bigint, ends: boolean) => {
    if (last < next) return;
    const previous = result.at(-1);
    if (ends && previous && previous.last + 1n === next) result[result.length - 1] = { first: previous.first, last };
    else if (ends) result.push({ first: next, last });
    next = last + 1n;
  };
  for (const { range, ends } of ranges) {
    for (let top = open.at(-1); top && top.last < range.first; top = open.at(-1)) {
      emit(top.last, top.ends);
      open.pop();
    }
    emit(range.first - 1n, open.at(-1)?.ends ?? false);
    open.push({ last: range.last, ends });
  }
  for (let top = open.pop(); top; top = open.pop()) emit(top.last, top.ends);
  return result;
}

import type { Route } from "../iproute/route.js";
import { sameAddress } from "../net/address.js";
import type { CompiledTable } from "./compiledTable.js";
import type { Assumption } from "./decision.js";
import { type NumberCondition, testCondition } from "./openField.js";
import { longestMatch } from "./prefixLeaves.js";
import type { ComparedFlow } from "./selector.js";
import { noMatch, refusal, type TableAnswer } from "./tableAnswer.js";

/**
 * Looks a flow up in one IPv4 table (net/ipv4/fib_trie.c: fib_table_lookup): from the longest prefix to shorter ones, within a
 * prefix by tos and metric, the first route with a usable nexthop. `oif` is the device that nexthops must have, if any.
 */
export function lookupTable4(table: CompiledTable, compared: ComparedFlow, oif: string | null): TableAnswer {
  const { starts, items, parents, lengths } = table.index;
  for (let leaf = longestMatch(table.index, compared.dst); leaf >= 0; leaf = parents[leaf] as number) {
    const end = starts[leaf + 1] as number;
    for (let at = starts[leaf] as number; at < end; at++) {
      const route = items[at] as Route;
      // Most routes; the default one may have rivals.
      if (table.plain[at] === 1 && oif === null && lengths[leaf] !== 0)
        return { type: "found", route, nexthops: onlyNexthop };
      if (route.tos) {
        const condition = tosCondition(route.tos);
        const holds = testCondition(condition, compared.flow, compared.premises);
        if (holds === undefined) return { type: "open", field: "tos", condition };
        if (!holds) continue;
      }
      const refused = refusal(route);
      if (refused) return refused;
      const nexthops = usableNexthops(table, route, oif);
      if (!nexthops) continue;
      if (lengths[leaf] !== 0 || oif !== null || !hasRival(items, at, end, compared.flow.tos)) {
        return { type: "found", route, nexthops };
      }
      return { type: "found", route, nexthops, assumptions: [gatewayAnswers] };
    }
  }
  return noMatch;
}

function tosCondition(tos: number): NumberCondition {
  return {
    field: "tos",
    set: [{ value: tos & 0xff, mask: 0x1c }],
    words: `tos & 0x1c = 0x${tos.toString(16)}`,
  };
}

const onlyNexthop: readonly number[] = [0];
const noNexthop: readonly number[] = [];

/** The nexthops the kernel may use, or undefined if there are some and none is usable. */
function usableNexthops(table: CompiledTable, route: Route, oif: string | null): readonly number[] | undefined {
  const { nexthops } = route;
  const first = nexthops[0];
  if (nexthops.length <= 1) {
    if (!first) return oif === null ? noNexthop : undefined;
    return table.usable(first) && (oif === null || first.dev === oif) ? onlyNexthop : undefined;
  }
  const usable: number[] = [];
  for (const [at, nexthop] of nexthops.entries()) {
    if (!table.usable(nexthop)) continue;
    if (oif === null) usable.push(at);
    // With a bound device no hash chooses: the first nexthop by that device is taken (fib_select_path).
    else if (nexthop.dev === oif) return [at];
  }
  return usable.length > 0 ? usable : undefined;
}

const gatewayAnswers: Assumption = {
  text: "the gateway of the first of the default routes answers",
  command: "ip neigh show",
};

/**
 * Whether another default route stands beside the one found at `at`, which the kernel takes while the first one's gateway does not
 * answer: the same metric, or a route for any tos behind one for the flow's (net/ipv4/fib_semantics.c: fib_select_default).
 */
function hasRival(items: readonly Route[], at: number, end: number, tos: number | undefined): boolean {
  const first = items[at] as Route;
  if (!isGatewayRoute(first)) return false;
  return items.slice(at + 1, end).some((rival) => {
    const matches = !rival.tos || (tos !== undefined && rival.tos === (tos & 0x1c));
    const equal = (rival.tos ?? 0) !== (first.tos ?? 0) || (rival.metric ?? 0) === (first.metric ?? 0);
    return matches && equal && isGatewayRoute(rival) && !sharesGateway(first, rival);
  });
}

/** A route that stands twice in a dump is no rival of itself. */
function sharesGateway(a: Route, b: Route): boolean {
  const [left] = a.nexthops;
  const [right] = b.nexthops;
  return sameAddress(left?.via, right?.via) && left?.dev === right?.dev;
}

function isGatewayRoute({ type, nexthops }: Route): boolean {
  return type === "unicast" && nexthops.length === 1 && nexthops[0]?.via !== undefined;
}

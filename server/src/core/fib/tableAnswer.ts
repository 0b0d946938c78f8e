import type { Route, RouteType } from "../iproute/route.js";
import type { Assumption, LookupError } from "./decision.js";
import type { Condition } from "./openField.js";

/** What one table says to a flow. */
export type TableAnswer =
  | {
      readonly type: "found";
      readonly route: Route;
      readonly nexthops: readonly number[];
      readonly assumptions?: readonly Assumption[];
    }
  /** A route that ends the walk with an error. */
  | { readonly type: "error"; readonly error: LookupError; readonly route: Route }
  /** EAGAIN: the walk goes on with the next rule. */
  | { readonly type: "none"; readonly why: "no-match" | "throw" | "table-empty"; readonly route?: Route }
  /** A route compares a field that is open. */
  | { readonly type: "open"; readonly field: string; readonly condition: Condition };

export const noMatch: TableAnswer = { type: "none", why: "no-match" };

/** What a route of a type without a way means (net/ipv4/fib_semantics.c: fib_props; net/ipv6/route.c: fib6_prop). */
export function refusal(route: Route): TableAnswer | undefined {
  if (route.type === "throw") return { type: "none", why: "throw", route };
  const error = refusals[route.type];
  return error && { type: "error", error, route };
}

const refusals: Partial<Record<RouteType, LookupError>> = {
  unreachable: "unreachable",
  prohibit: "prohibit",
  blackhole: "blackhole",
  nat: "blackhole",
  xresolve: "blackhole",
};

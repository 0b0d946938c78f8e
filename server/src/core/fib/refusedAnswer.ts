import { formatAddress } from "../net/address.js";
import type { Assumption, Decision } from "./decision.js";
import type { RouteAnswer, RouteGetError } from "./routeAnswer.js";
import type { RouteQuery } from "./routeQuery.js";

/** An answer that is an error from outside of the look-up. */
export function refuse(
  query: RouteQuery,
  error: RouteGetError,
  message: string,
  assumptions: readonly Assumption[] = [],
): RouteAnswer {
  return { type: "error", query, error, message, assumptions };
}

/** An answer that lacks evidence outside of the look-up. */
export function refuseLacking(
  query: RouteQuery,
  missing: string,
  command: string,
  assumptions: readonly Assumption[] = [],
): RouteAnswer {
  return { type: "error", query, error: "missing-evidence", message: missing, command, assumptions };
}

/** The error that a look-up without a route comes to. */
export function refuseBy(query: RouteQuery, decision: Exclude<Decision, { type: "route" }>): RouteAnswer {
  const { assumptions } = decision;
  const common = { type: "error", query, decision, assumptions } as const;
  switch (decision.type) {
    case "error":
      return { ...common, error: decision.error, message: messages[decision.error](formatAddress(query.dst)) };
    case "missing": {
      const { missing, command } = decision;
      return { ...common, error: "missing-evidence", message: missing, ...(command !== undefined && { command }) };
    }
    case "branch":
      return { ...common, error: "missing-evidence", message: `The answer depends on whether ${decision.condition}.` };
  }
}

const messages: Readonly<Record<Exclude<RouteGetError, "missing-evidence">, (dst: string) => string>> = {
  "no-route": (dst) => `No rule leads to a route for ${dst}.`,
  unreachable: (dst) => `The route for ${dst} says that it is unreachable.`,
  prohibit: (dst) => `Packets to ${dst} are prohibited.`,
  blackhole: (dst) => `Packets to ${dst} are discarded.`,
  "invalid-source": (dst) => `Packets to ${dst} cannot have this source.`,
};

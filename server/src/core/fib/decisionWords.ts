import type { Nexthop } from "../iproute/route.js";
import type { TableRef } from "../iproute/rule.js";
import { formatAddress } from "../net/address.js";
import { formatPrefix, type Prefix } from "../net/prefix.js";
import type { Decision, RouteDecision } from "./decision.js";

/** `eth0 via 10.0.0.1`, `cilium_host`, `via inet6 fe80::1`. */
export function wordsForNexthop({ dev, via }: Nexthop): string {
  const gateway = via === undefined ? "" : `via ${formatAddress(via)}`;
  return [dev ?? "", gateway].filter((part) => part !== "").join(" ") || "no device";
}

/** A route's destination as `ip route` has it: `default`, `10.0.0.0/24`. */
export function wordsForPrefix(prefix: Prefix): string {
  return prefix.length === 0 ? "default" : formatPrefix(prefix);
}

/** `table 100`, `table main`. */
export function wordsForTable({ id, name }: TableRef): string {
  return `table ${name ?? id ?? "?"}`;
}

const errorWords = {
  "no-route": "no route (Network is unreachable)",
  unreachable: "unreachable (No route to host)",
  prohibit: "prohibited (Permission denied)",
  blackhole: "discarded (Invalid argument)",
  "invalid-source": "refused: its source is not valid here",
} as const;

/** Where a route decision sends a packet: `eth0 via 10.0.0.1`, `this host`, several joined by "or". */
export function wordsForDestination(decision: RouteDecision): string {
  if (decision.route.type === "local") return "this host";
  return decision.nexthops
    .flatMap((index) => decision.route.nexthops[index] ?? [])
    .map(wordsForNexthop)
    .join(" or ");
}

/** What a look-up comes to, in a few words: destination and table, error, or what is missing. */
export function wordsForDecision(decision: Decision): string {
  switch (decision.type) {
    case "route":
      return `${wordsForDestination(decision)} (${wordsForTable(decision.table)})`;
    case "error":
      return errorWords[decision.error];
    case "missing":
      return `not known: ${decision.missing}`;
    case "branch":
      return `${wordsForDecision(decision.ifMet)} if ${decision.condition}, else ${wordsForDecision(decision.ifNot)}`;
  }
}

import type { Decision, LookupError } from "../../fib/decision.js";
import { formatTos } from "../../iproute/printRule.js";
import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { reservedTables } from "../../state/nodeState.js";

/** The kernel's errno for an error of the look-up. */
const errnos: Readonly<Record<LookupError, string>> = {
  "no-route": "ENETUNREACH",
  unreachable: "EHOSTUNREACH",
  prohibit: "EACCES",
  blackhole: "EINVAL",
  "invalid-source": "EINVAL",
};

function words(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}

/**
 * One line that says what `ip route get fibmatch` must answer if a decision is right: the entry that matched, its table and its nexthops in
 * alphabetical order. `undefined` where the decision does not say.
 *
 * @param merged whether tables local and main are one: the kernel then calls both main
 */
export function expectedMatch(decision: Decision, merged: boolean): string | undefined {
  if (decision.type === "error") return errnos[decision.error];
  if (decision.type !== "route") return undefined;
  const { route, table } = decision;
  const name = merged && table.id === reservedTables.local ? "main" : (table.name ?? `${table.id}`);
  return words([
    route.type,
    route.dst.length === 0 ? "default" : formatPrefix(route.dst),
    route.from && `from ${formatPrefix(route.from)}`,
    route.tos ? `tos ${formatTos(route.tos)}` : "",
    `table ${name}`,
    route.metric ? `metric ${route.metric}` : "",
    ...route.nexthops.map(({ via, dev }) => words([via && `via ${formatAddress(via)}`, dev && `dev ${dev}`])).sort(),
  ]);
}

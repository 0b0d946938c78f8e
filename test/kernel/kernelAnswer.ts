import type { RouteAnswer } from "../../server/src/core/fib/routeAnswer.js";
import { formatTos } from "../../server/src/core/iproute/printRule.js";
import type { TableRef } from "../../server/src/core/iproute/rule.js";
import { formatAddress } from "../../server/src/core/net/address.js";
import { formatPrefix } from "../../server/src/core/net/prefix.js";
import { errnos, type KernelRoute } from "../../server/src/node/kernel/kernelMatch.js";
import type { BatchResult } from "../../server/src/node/kernel/namespace.js";

/** The same line for our answer. */
export function ourMatch(answer: RouteAnswer, merged: boolean): string {
  if (answer.type === "error") return errnoOf(answer);
  const { route, decision } = answer;
  if (!route || decision?.type !== "route") return "no entry";
  return words([
    answer.routeType,
    route.dst.length === 0 ? "default" : formatPrefix(route.dst),
    route.from && `from ${formatPrefix(route.from)}`,
    route.tos ? `tos ${formatTos(route.tos)}` : "",
    `table ${tableWord(decision.table, merged)}`,
    route.metric ? `metric ${route.metric}` : "",
    route.src && `src ${formatAddress(route.src)}`,
    ...route.nexthops.map(({ via, dev }) => hopWords(via && formatAddress(via), dev)).sort(),
  ]);
}

/** One line for each way the kernel's plain `route get` may answer: it names one hop. */
export function kernelGet(result: BatchResult): string {
  if ("error" in result) return errnos[result.error] ?? result.error;
  const [route] = JSON.parse(result.output) as KernelRoute[];
  if (!route) return "no answer";
  return words([
    route.type ?? "unicast",
    route.dst,
    `table ${route.table ?? "main"}`,
    hopWords(route.gateway, route.dev),
    route.prefsrc && `src ${route.prefsrc}`,
  ]);
}

/** The same lines for our answer: several where a flow hash chooses. */
export function ourGets(answer: RouteAnswer, merged: boolean): readonly string[] {
  if (answer.type === "error") return [errnoOf(answer)];
  return answer.hops.map(({ gateway, dev, prefsrc }) =>
    words([
      answer.routeType,
      formatAddress(answer.query.dst),
      // The kernel calls the table of an answer without a look-up 0, which `ip` does not print.
      `table ${answer.table ? tableWord(answer.table, merged) : "main"}`,
      hopWords(gateway && formatAddress(gateway), dev),
      prefsrc && `src ${formatAddress(prefsrc)}`,
    ]),
  );
}

/** What the kernel's errno for our error is. */
function errnoOf(answer: RouteAnswer & { type: "error" }): string {
  const { query, error, message, decision } = answer;
  switch (error) {
    case "no-route":
      return "ENETUNREACH";
    case "unreachable":
      return "EHOSTUNREACH";
    case "prohibit":
      return "EACCES";
    case "blackhole":
      return "EINVAL";
    case "invalid-source":
      // A source that is not the node's own is refused as unreachable, an impossible one as invalid.
      return query.iif === undefined && !decision && message.includes("not an address of this node")
        ? "ENETUNREACH"
        : "EINVAL";
    case "missing-evidence":
      return `missing: ${message}`;
  }
}

function tableWord(table: TableRef, merged: boolean): string {
  return merged && table.id === 255 ? "main" : (table.name ?? `${table.id}`);
}

function hopWords(gateway: string | undefined, dev: string | undefined): string {
  return words([gateway && `via ${gateway}`, dev && `dev ${dev}`]);
}

function words(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(" ");
}

import type { Decision } from "../../fib/decision.js";
import { wordsForDecision, wordsForPrefix } from "../../fib/decisionWords.js";
import { tableWord } from "../../iproute/names.js";
import { formatAddress } from "../../net/address.js";

/** An answer as flat data, for `--json`: words for people, and the fields of the route or the error's name. */
export function decisionJson(decision: Decision): Record<string, unknown> {
  const words = wordsForDecision(decision);
  const rule = "rule" in decision && decision.rule ? { rule: decision.rule.priority } : {};
  switch (decision.type) {
    case "error":
      return { words, error: decision.error, ...rule };
    case "missing":
      return {
        words,
        error: "missing-evidence",
        ...rule,
        ...(decision.command === undefined ? {} : { command: decision.command }),
      };
    case "branch":
      return { words };
    case "route": {
      const { route, table, nexthops } = decision;
      const hop = route.nexthops[nexthops[0] ?? 0];
      return {
        words,
        type: route.type,
        dst: wordsForPrefix(route.dst),
        ...(hop?.via ? { gateway: formatAddress(hop.via) } : {}),
        ...(hop?.dev === undefined ? {} : { dev: hop.dev }),
        table: tableWord(table),
        ...rule,
      };
    }
  }
}

import { reservedTables } from "../state/nodeState.js";
import type { CompiledTable } from "./compiledTable.js";
import type { CompiledRule } from "./compileFib.js";
import type { Decision } from "./decision.js";
import { noteEvidence } from "./evidence.js";
import { askTable, conclude, lookUp } from "./ruleStep.js";
import { noMatch } from "./tableAnswer.js";
import { assume, failure, note, type OpenQuestion, openQuestion, type Walk } from "./walkState.js";

/**
 * IPv4 with only the default rules: no rule is asked, `local` and `main` are searched as one table, then `default` (include/net/
 * ip_fib.h: fib_lookup). A more specific route of main then wins over one of local.
 */
export function walkMerged(
  walk: Walk,
  [local, main, fallback]: readonly [CompiledRule, CompiledRule, CompiledRule],
  merged: CompiledTable,
): Decision | OpenQuestion {
  const answer = askTable(walk, merged);
  if (answer.type === "open") return openQuestion(walk, main.rule, answer.field, answer.condition);
  const localTable = walk.fib.tables.get(reservedTables.local);
  const isLocal = "route" in answer && answer.route && localTable?.table.routes.includes(answer.route);
  if (localTable && !isLocal) {
    note(walk, local.rule, { type: "fell-through", why: "no-match" });
    noteEvidence(walk, localTable.table, noMatch);
    if (askTable(walk, localTable).type !== "none") {
      assume(
        walk,
        "no rule was ever added in this network namespace (the first one puts local before main)",
        "ip rule show",
      );
    }
  }
  const source = isLocal && localTable ? localTable : merged;
  noteEvidence(walk, source.table, answer);
  return (
    conclude(walk, (isLocal ? local : main).rule, source.table, answer) ??
    lookUp(walk, fallback) ??
    failure(walk, "no-route")
  );
}

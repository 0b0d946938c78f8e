import type { Considered, Decision } from "../../fib/decision.js";
import { wordsForDecision, wordsForDestination, wordsForPrefix, wordsForTable } from "../../fib/decisionWords.js";
import type { Flow } from "../../fib/flow.js";
import { printRoute } from "../../iproute/printRoute.js";
import { printRule } from "../../iproute/printRule.js";
import { whyNotMatched } from "./whyNotMatched.js";

/** `30000: from 10.0.0.2 lookup 100`, on one line. */
export function ruleLine(rule: Considered["rule"]): string {
  return printRule(rule).replace("\t", " ");
}

/** Why a rule did what it did, as a clause. */
export function explainVerdict({ rule, verdict }: Considered, flow: Flow): string {
  switch (verdict.type) {
    case "not-matched":
      return whyNotMatched(rule, verdict.field, flow);
    case "jumped-over":
      return "is jumped over";
    case "fell-through":
      switch (verdict.why) {
        case "throw":
          return `matches; ${verdict.route ? printRoute(verdict.route) : "a throw route"} sends the look-up on to the next rule`;
        case "table-empty":
          return "matches; its table has no routes, so the look-up goes on";
        case "nop":
          return "matches and does nothing (nop)";
        default:
          return "matches; its table has no route there, so the look-up goes on";
      }
    case "suppressed":
      return `matches and finds ${printRoute(verdict.route)}, which suppress_prefixlength or suppress_ifgroup drops`;
    case "goto":
      return `matches and jumps to rule ${verdict.target}`;
    case "goto-unresolved":
      return "matches, but its jump leads nowhere, so the look-up goes on";
    case "decided":
      return rule.action.type === "lookup"
        ? "matches and decides"
        : `matches and ends the look-up (${rule.action.type})`;
    case "undecided":
      return verdict.why;
  }
}

/** The answer in one sentence, with what it rests on. */
export function explainDecision(decision: Decision): string {
  const premises = decision.assumptions.map(({ text }) => text);
  const given = premises.length > 0 ? `, provided that ${premises.join(", and that ")}` : "";
  switch (decision.type) {
    case "route": {
      const destination = wordsForPrefix(decision.route.dst);
      return `Rule ${decision.rule.priority} decides: ${destination} of ${wordsForTable(decision.table)}, to ${wordsForDestination(decision)}${given}.`;
    }
    case "error":
      return `The look-up fails: ${wordsForDecision(decision)}${decision.rule ? `, by rule ${decision.rule.priority}` : ""}${given}.`;
    case "missing": {
      const run = decision.command ? ` Run \`${decision.command}\`.` : "";
      return `The dumps do not tell: ${decision.missing}${run}${given ? ` It is asked${given.slice(1)}.` : ""}`;
    }
    case "branch":
      return `If ${decision.condition} (rule ${decision.rule.priority}): ${explainDecision(decision.ifMet)} Otherwise: ${explainDecision(decision.ifNot)}`;
  }
}

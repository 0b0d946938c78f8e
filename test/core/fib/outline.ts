import type { Decision, RuleVerdict } from "../../../server/src/core/fib/decision.js";
import type { AnswerHop, RouteAnswer } from "../../../server/src/core/fib/routeAnswer.js";
import type { SourceValidation } from "../../../server/src/core/fib/validateSource.js";
import { printRoute } from "../../../server/src/core/iproute/printRoute.js";
import { formatAddress } from "../../../server/src/core/net/address.js";

/** A decision as the fixtures draw it: what it comes to, what it rests on, and what each rule did. */
export function outlineDecision(decision: Decision): string[] {
  const rests = decision.assumptions.map(({ text, command }) => `provided that ${text} [${command ?? ""}]`);
  if (decision.type === "branch") {
    return [
      ...rests,
      `if ${decision.condition}`,
      ...indent(outlineDecision(decision.ifMet)),
      "else",
      ...indent(outlineDecision(decision.ifNot)),
    ];
  }
  const rules = decision.considered.map(({ rule, verdict }) => `${rule.priority} ${verdictWords(verdict)}`);
  return [outcomeLine(decision), ...rests, ...(rules.length > 0 ? [`rules: ${rules.join(", ")}`] : [])];
}

function outcomeLine(decision: Exclude<Decision, { type: "branch" }>): string {
  switch (decision.type) {
    case "route": {
      const { route, nexthops, rule, table } = decision;
      const whole = nexthops.length === route.nexthops.length ? "" : `, nexthops ${nexthops.join(" ")}`;
      return `${printRoute(route).replaceAll("\n\t", " | ")} (rule ${rule.priority}, table ${table.name ?? table.id}${whole})`;
    }
    case "error": {
      const by = [
        decision.rule && `rule ${decision.rule.priority}`,
        decision.route && printRoute(decision.route),
      ].filter(Boolean);
      return by.length > 0 ? `${decision.error} (${by.join(", ")})` : decision.error;
    }
    case "missing":
      return `missing: ${decision.missing} [${decision.command ?? ""}]`;
  }
}

function verdictWords(verdict: RuleVerdict): string {
  switch (verdict.type) {
    case "not-matched":
      return `not ${verdict.field}`;
    case "fell-through":
      return verdict.why;
    case "goto":
      return `goto ${verdict.target}`;
    default:
      return verdict.type;
  }
}

/** An answer of `route get` as the fixtures draw it. */
export function outlineAnswer(answer: RouteAnswer): string[] {
  const rests = answer.assumptions.map(({ text, command }) => `provided that ${text} [${command ?? ""}]`);
  if (answer.type === "error") {
    return [
      `${answer.error}: ${answer.message}${answer.command === undefined ? "" : ` [${answer.command}]`}`,
      ...rests,
    ];
  }
  const table = answer.table ? ` table ${answer.table.name ?? answer.table.id}` : "";
  const cache = answer.cache.length > 0 ? ` <${answer.cache.join()}>` : "";
  const rule = answer.decision?.type === "route" ? ` (rule ${answer.decision.rule.priority})` : "";
  return [`${answer.routeType} ${answer.hops.map(hopWords).join(" | ")}${table}${cache}${rule}`, ...rests];
}

function hopWords({ gateway, dev, prefsrc }: AnswerHop): string {
  return [gateway && `via ${formatAddress(gateway)}`, dev && `dev ${dev}`, prefsrc && `src ${formatAddress(prefsrc)}`]
    .filter(Boolean)
    .join(" ");
}

/** A validation as the fixtures draw it. */
export function outlineValidation(validation: SourceValidation): string[] {
  const rests = validation.assumptions.map(({ text, command }) => `provided that ${text} [${command ?? ""}]`);
  switch (validation.type) {
    case "ok":
      return ["ok", ...rests];
    case "drop":
      return [`drop ${validation.reason}: ${validation.message}`, ...rests];
    case "missing":
      return [`missing: ${validation.missing} [${validation.command}]`, ...rests];
  }
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

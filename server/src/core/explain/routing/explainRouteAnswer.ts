import { wordsForNexthop } from "../../fib/decisionWords.js";
import type { RouteAnswer } from "../../fib/routeAnswer.js";
import { tableWord } from "../../iproute/names.js";
import { formatAddress } from "../../net/address.js";
import { formatPrefix } from "../../net/prefix.js";
import { explainVerdict, ruleLine } from "./explainDecision.js";

type Found = Extract<RouteAnswer, { type: "route" }>;

/** What `ip` prints when the kernel refuses, by errno (strerror(3)). */
const errnoWords = {
  "no-route": "Network is unreachable",
  unreachable: "No route to host",
  prohibit: "Permission denied",
  blackhole: "Invalid argument",
  "invalid-source": "Invalid argument",
  "missing-evidence": "not known",
} as const;

function destinationWords({ query, routeType, table, hops: [hop, ...others] }: Found): string {
  const source = query.from && query.from.value !== 0n ? [`from ${formatAddress(query.from)}`] : [];
  const words = [
    ...(routeType === "unicast" ? [] : [routeType]),
    formatAddress(query.dst),
    ...source,
    ...(hop?.gateway ? [`via ${formatAddress(hop.gateway)}`] : []),
    ...(hop?.dev === undefined ? [] : [`dev ${hop.dev}`]),
    ...(table ? [`table ${tableWord(table)}`] : []),
    ...(source.length === 0 && hop?.prefsrc ? [`src ${formatAddress(hop.prefsrc)}`] : []),
    ...(query.fwmark ? [`mark 0x${query.fwmark.toString(16)}`] : []),
  ];
  const choices = others.map(
    ({ gateway, dev }) =>
      `or ${wordsForNexthop({ ...(gateway && { via: gateway }), ...(dev !== undefined && { dev }), flags: [] })}`,
  );
  return [...words, ...choices].join(" ");
}

/** The answer on one line, in the form of `ip route get`. */
export function routeAnswerLine(answer: RouteAnswer): string {
  if (answer.type === "route") return destinationWords(answer);
  const command = answer.command === undefined ? "" : ` Run \`${answer.command}\`.`;
  return `error: ${answer.error} (${errnoWords[answer.error]}): ${answer.message}${command}`;
}

/** The answer with everything that led to it: its line, the cache line, every rule considered, and what it rests on. */
export function routeAnswerLines(answer: RouteAnswer): string[] {
  const { decision } = answer;
  const considered = (decision?.considered ?? []).map((each) => ({
    line: ruleLine(each.rule),
    why: decision ? explainVerdict(each, decision.flow) : "",
  }));
  const cache =
    answer.type === "route" && answer.query.dst.family === 4
      ? [
          `    cache ${[...answer.cache, ...(answer.query.iif === undefined ? [] : [`iif ${answer.query.iif}`])].join(" ")}`.trimEnd(),
        ]
      : [];
  return [
    routeAnswerLine(answer),
    ...cache,
    "",
    ...(considered.length > 0 ? ["Rules considered:"] : ["No rule was asked."]),
    ...considered.flatMap(({ line, why }) => [`  ${line}`, `      ${why}`]),
    ...answer.assumptions.map(({ text, command }) => `Provided that ${text}.${command ? ` To know: ${command}` : ""}`),
  ];
}

/** The answer as the contract of `route get --json` has it: the fields of `ip -j route get fibmatch`, the rule, and all rules considered. */
export function routeAnswerJson(answer: RouteAnswer): Record<string, unknown> {
  const { decision } = answer;
  const rule = decision && "rule" in decision ? decision.rule : undefined;
  const common = {
    ...(rule ? { rule: { priority: rule.priority, text: ruleLine(rule) } } : {}),
    considered: (decision?.considered ?? []).map((each) => ({
      priority: each.rule.priority,
      rule: ruleLine(each.rule),
      verdict: each.verdict.type,
      ...("field" in each.verdict ? { field: each.verdict.field } : {}),
      why: decision ? explainVerdict(each, decision.flow) : "",
    })),
    assumptions: answer.assumptions,
  };
  if (answer.type === "error") {
    const { error, message, command } = answer;
    return { error, message, ...(command === undefined ? {} : { command }), ...common };
  }
  const { route, routeType, hops } = answer;
  const table = decision?.type === "route" ? tableWord(decision.table) : answer.table && tableWord(answer.table);
  const [first] = hops;
  const hop = route?.nexthops[0];
  const gateway = route ? hop?.via : first?.gateway;
  return {
    type: routeType,
    dst: route ? (route.dst.length === 0 ? "default" : formatPrefix(route.dst)) : formatAddress(answer.query.dst),
    ...(hops.length > 1
      ? {
          nexthops: hops.map(({ gateway: via, dev }) => ({
            ...(via ? { gateway: formatAddress(via) } : {}),
            ...(dev === undefined ? {} : { dev }),
          })),
        }
      : {
          ...(gateway ? { gateway: formatAddress(gateway) } : {}),
          ...((first?.dev ?? hop?.dev) === undefined ? {} : { dev: first?.dev ?? hop?.dev }),
        }),
    ...(table === undefined ? {} : { table }),
    ...(route?.protocol === undefined ? {} : { protocol: route.protocol }),
    ...(route?.scope === undefined ? {} : { scope: route.scope }),
    ...(route?.src
      ? { prefsrc: formatAddress(route.src) }
      : first?.prefsrc
        ? { prefsrc: formatAddress(first.prefsrc) }
        : {}),
    ...(route?.metric === undefined ? {} : { metric: route.metric }),
    ...common,
  };
}

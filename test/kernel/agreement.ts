import type { CompileOptions } from "../../server/src/core/fib/compileFib.js";
import { compileFib, type Fib } from "../../server/src/core/fib/compileFib.js";
import { decide } from "../../server/src/core/fib/decide.js";
import type { Decision } from "../../server/src/core/fib/decision.js";
import { parseRouteGet } from "../../server/src/core/fib/parseRouteGet.js";
import type { RouteAnswer } from "../../server/src/core/fib/routeAnswer.js";
import { routeGet } from "../../server/src/core/fib/routeGet.js";
import type { RouteQuery } from "../../server/src/core/fib/routeQuery.js";
import { readTranscript } from "../../server/src/core/iproute/readTranscript.js";
import type { Family } from "../../server/src/core/net/address.js";
import { mergeNode } from "../../server/src/core/state/mergeNode.js";
import { kernelMatch } from "../../server/src/node/kernel/kernelMatch.js";
import type { BatchResult, Namespace } from "../../server/src/node/kernel/namespace.js";
import { kernelGet, ourGets, ourMatch } from "./kernelAnswer.js";

/** Reads a node's dumps and makes its look-ups ready. Throws if anything in them could not be read. */
export function readNode(file: string, text: string, family: Family, options: CompileOptions = {}): Fib {
  const transcript = readTranscript(file, text);
  const state = mergeNode("node", [transcript]);
  const [problem] = [...transcript.problems, ...state.problems];
  if (problem) throw new Error(`${file}: ${problem.message} (${text.slice(problem.place.start, problem.place.end)})`);
  return compileFib(state, family, options);
}

/** What was compared, and the first difference. */
export interface Agreement {
  readonly probes: number;
  /** Questions whose answer hangs on a flow hash or on neighbours, which no dump shows. */
  readonly undecidable: number;
  readonly difference?: string;
}

/** Asks the kernel and every `fib` the same questions, each for the entry that matches and for the way the packet takes. */
export function compareAnswers(
  ns: Namespace,
  family: Family,
  questions: readonly string[],
  fibs: ReadonlyMap<string, Fib>,
): Agreement {
  const matches = ns.batch(
    questions.map((words) => `route get fibmatch ${words}`),
    `-${family}`,
    "-j",
    "-d",
  );
  const ways = ns.batch(
    questions.map((words) => `route get ${words}`),
    `-${family}`,
    "-j",
  );
  let probes = 0;
  let undecidable = 0;
  for (const [at, words] of questions.entries()) {
    for (const [source, fib] of fibs) {
      const query = parseRouteGet(words.split(" "));
      if ("type" in query) throw new Error(`${words}: ${query.message}`);
      const answer = routeGet(fib, query);
      if (isUndecidable(answer)) {
        undecidable++;
        continue;
      }
      probes += 2;
      const difference = compareOne(fib, query, answer, matches[at], ways[at]);
      if (difference)
        return { probes, undecidable, difference: `ip -${family} route get ${words}  (${source})\n${difference}` };
    }
  }
  return { probes, undecidable };
}

function compareOne(
  fib: Fib,
  query: RouteQuery,
  answer: RouteAnswer,
  match: BatchResult | undefined,
  way: BatchResult | undefined,
): string | undefined {
  if (!match || !way) return "The kernel did not answer.";
  const merged = fib.merged !== undefined;
  const wayTaken = kernelGet(way);
  const ways = ourGets(answer, merged);
  if (!ways.includes(wayTaken)) return difference("way", wayTaken, ways.join(" | "), answer);
  const matched = kernelMatch(match);
  const ours = ourMatch(routeGet(fib, { ...query, fibmatch: true }), merged);
  if (matched !== ours) return difference("entry", matched, ours, answer);
  const quick = answer.decision && outcome(decide(fib, answer.decision.flow));
  const watched = answer.decision && outcome(answer.decision);
  return quick === watched ? undefined : difference("decide() and lookup()", quick ?? "", watched ?? "", answer);
}

function difference(what: string, kernel: string, ours: string, { decision }: RouteAnswer): string {
  const walk = decision?.considered.map(
    ({ rule, verdict }) =>
      `    ${rule.priority}: ${JSON.stringify(verdict, (key, value) => (typeof value === "bigint" ? `${value}` : key === "route" ? undefined : value))}`,
  );
  return [`  ${what}`, `  kernel: ${kernel}`, `  ours:   ${ours}`, ...(walk ?? [])].join("\n");
}

function outcome(decision: Decision): string {
  switch (decision.type) {
    case "route":
      return `${decision.rule.priority} ${decision.table.id} ${decision.route.place.start} ${decision.nexthops.join()}`;
    case "error":
      return `${decision.error} ${decision.rule?.priority} ${decision.route?.place.start}`;
    default:
      return decision.type;
  }
}

/** The two facts that stand in no dump: how the kernel hashes a flow, and whether a gateway answers. */
function isUndecidable({ assumptions }: RouteAnswer): boolean {
  return assumptions.some(({ text }) => text.includes("flow hash") || text.includes("gateway"));
}

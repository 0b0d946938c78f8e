import { readFile } from "node:fs/promises";
import {
  routeGet as answerRouteGet,
  branchJson,
  branchLines,
  fibOf,
  lookupOpen,
  type NodeState,
  parseRouteGet,
  routeAnswerJson,
  routeAnswerLine,
  routeAnswerLines,
  statesOf,
  takeOpenFields,
} from "../../core/index.js";
import { readPaths, UnusablePath } from "../readPaths.js";

export interface RouteGetOptions {
  readonly state: readonly string[];
  /** Name of the node to ask, where the paths hold several. */
  readonly node?: string;
  readonly batch?: string;
  readonly format: "text" | "json";
}

async function stateOf({ state, node }: RouteGetOptions): Promise<NodeState> {
  const states = statesOf(await readPaths(state));
  const named = node === undefined ? states : states.filter(({ name }) => name === node);
  const [found, ...others] = named;
  if (!found) {
    const names = states.map(({ name }) => name).join(", ");
    throw new UnusablePath(
      node === undefined ? `${state.join(", ")}: no dump in there` : `there is no node ${node}; there are: ${names}`,
    );
  }
  if (others.length > 0) {
    throw new UnusablePath(
      `the paths hold several nodes; choose one by --node: ${named.map(({ name }) => name).join(", ")}`,
    );
  }
  return found;
}

/** A question's answer, in the three forms it can be printed in. */
interface Answered {
  readonly lines: readonly string[];
  readonly line: string;
  readonly json: Record<string, unknown>;
}

function answerWords(state: NodeState, words: readonly string[]): Answered | { readonly problem: string } {
  const { words: asked, open } = takeOpenFields(words);
  const query = parseRouteGet(asked);
  if ("type" in query) return { problem: query.message };
  const fib = fibOf(state, query.dst.family);
  if (open.length > 0) {
    const decision = lookupOpen(fib, query, open);
    const lines = branchLines(decision);
    return { lines, line: lines.map((each) => each.trim()).join(" "), json: branchJson(decision) };
  }
  const answer = answerRouteGet(fib, query);
  return { lines: routeAnswerLines(answer), line: routeAnswerLine(answer), json: routeAnswerJson(answer) };
}

/**
 * `packetwalk route get WORDS --state PATH...`: the answer in the form of `ip route get`, then every rule considered. With `--batch` a
 * query a line is read from a file, and an answer a line is printed. Returns the exit code: an error of the look-up is an answer, too.
 */
export async function routeGet(
  words: readonly string[],
  options: RouteGetOptions,
  print: (line: string) => void,
): Promise<number> {
  const state = await stateOf(options);
  if (options.batch === undefined) {
    const answer = answerWords(state, words);
    if ("problem" in answer) throw new UnusablePath(answer.problem);
    if (options.format === "json") print(JSON.stringify(answer.json, null, 2));
    else for (const line of answer.lines) print(line);
    return 0;
  }
  const queries = await readFile(options.batch, "utf8").catch((error: Error) => {
    throw new UnusablePath(`${options.batch}: ${error.message}`);
  });
  for (const line of queries.split("\n").map((each) => each.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const answer = answerWords(state, line.replace(/^(?:ip +)?(?:-[46] +)?(?:route +get +)?/, "").split(/\s+/));
    if (options.format === "json") {
      print(JSON.stringify("problem" in answer ? { error: "usage", message: answer.problem } : answer.json));
    } else print("problem" in answer ? `error: usage: ${answer.problem}` : answer.line);
  }
  return 0;
}

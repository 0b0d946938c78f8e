import { readFile } from "node:fs/promises";
import {
  routeGet as answerRouteGet,
  fibOf,
  type NodeState,
  parseRouteGet,
  routeAnswerJson,
  routeAnswerLine,
  routeAnswerLines,
  statesOf,
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
  if (!found)
    throw new UnusablePath(`there is no node ${node}; there are: ${states.map(({ name }) => name).join(", ")}`);
  if (others.length > 0) {
    throw new UnusablePath(
      `the paths hold several nodes; choose one by --node: ${named.map(({ name }) => name).join(", ")}`,
    );
  }
  return found;
}

type Answer = ReturnType<typeof answerRouteGet>;

function ask(
  state: NodeState,
  words: readonly string[],
): Answer | { readonly type: "problem"; readonly message: string } {
  const query = parseRouteGet(words);
  return "type" in query ? query : answerRouteGet(fibOf(state, query.dst.family), query);
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
    const answer = ask(state, words);
    if (answer.type === "problem") throw new UnusablePath(answer.message);
    if (options.format === "json") print(JSON.stringify(routeAnswerJson(answer), null, 2));
    else for (const line of routeAnswerLines(answer)) print(line);
    return 0;
  }
  const queries = await readFile(options.batch, "utf8").catch((error: Error) => {
    throw new UnusablePath(`${options.batch}: ${error.message}`);
  });
  for (const line of queries.split("\n").map((each) => each.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const answer = ask(state, line.replace(/^(?:ip +)?(?:-[46] +)?(?:route +get +)?/, "").split(/\s+/));
    if (answer.type === "problem") {
      print(
        options.format === "json"
          ? JSON.stringify({ error: "usage", message: answer.message })
          : `error: usage: ${answer.message}`,
      );
    } else {
      print(options.format === "json" ? JSON.stringify(routeAnswerJson(answer)) : routeAnswerLine(answer));
    }
  }
  return 0;
}

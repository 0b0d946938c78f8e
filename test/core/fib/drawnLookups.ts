import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFib } from "../../../server/src/core/fib/compileFib.js";
import { type Flow, forwardedFlow, localFlow } from "../../../server/src/core/fib/flow.js";
import { lookup } from "../../../server/src/core/fib/lookup.js";
import { parseRouteGet } from "../../../server/src/core/fib/parseRouteGet.js";
import { routeGet } from "../../../server/src/core/fib/routeGet.js";
import type { RouteQuery } from "../../../server/src/core/fib/routeQuery.js";
import { validateSource } from "../../../server/src/core/fib/validateSource.js";
import { readTranscript } from "../../../server/src/core/iproute/readTranscript.js";
import { mergeNode } from "../../../server/src/core/state/mergeNode.js";
import type { NodeState } from "../../../server/src/core/state/nodeState.js";
import { outlineAnswer, outlineDecision, outlineValidation } from "./outline.js";

const folder = join("test", "fixtures", "fib");

/** A drawn node with its questions, and the whole drawing as it must come out. */
export interface DrawnLookups {
  readonly name: string;
  readonly dumps: string;
  readonly questions: readonly { readonly words: string; readonly expected: string }[];
}

/** The drawings of the folder, by file. */
export function drawnLookups(): readonly { readonly file: string; readonly cases: readonly DrawnLookups[] }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .sort()
    .map((file) => ({ file, cases: readFileSync(join(folder, file), "utf8").split(/^=== /m).slice(1).map(readCase) }));
}

function readCase(part: string): DrawnLookups {
  const [head = "", ...asked] = part.split(/^> /m);
  const end = head.indexOf("\n");
  return {
    name: head.slice(0, end),
    dumps: head.slice(end + 1).replaceAll("→", "\t"),
    questions: asked.map((text) => {
      const [words = "", ...answer] = text.trimEnd().split("\n");
      return { words, expected: answer.join("\n") };
    }),
  };
}

/** The node of a drawing, as the application would make it. */
export function drawnNode(dumps: string): NodeState {
  return mergeNode("node", [readTranscript("node.txt", dumps)]);
}

/** Asks one question and draws the answer. */
export function answerDrawn(state: NodeState, question: string): string {
  const [verb = "", ...words] = question.split(" ");
  const out = words.indexOf("out");
  const leavesBy = out < 0 ? null : (words.splice(out, 2)[1] ?? null);
  const query = parseRouteGet(words);
  if ("type" in query) return `word ${query.at}: ${query.message}`;
  const fib = compileFib(state, query.dst.family);
  switch (verb) {
    case "get":
      return outlineAnswer(routeGet(fib, query)).join("\n");
    case "receive": {
      const { iif, from } = query;
      if (iif === undefined || !from) throw new Error(`${question}: who sent it, and by which device?`);
      return outlineValidation(validateSource(fib, { ...query, src: from, iif, leavesBy })).join("\n");
    }
    default:
      return outlineDecision(lookup(fib, flowOf(verb, query))).join("\n");
  }
}

function flowOf(verb: string, query: RouteQuery): Flow {
  if (verb === "send") return localFlow({ ...query, src: query.from });
  if (verb === "forward" && query.from) return forwardedFlow({ ...query, src: query.from });
  throw new Error(`${verb}: no such question`);
}

import { buildCase, type CaseNode } from "../../server/src/core/case/case.js";
import { readFile } from "../../server/src/core/case/readFile.js";
import { dumpOf, type SmallWorld } from "./smallWorld.js";

/** A world read from its dump. Throws if anything in it could not be read. */
export function readWorld(world: SmallWorld): CaseNode {
  const text = dumpOf(world);
  const read = readFile({ file: "node.txt", text });
  const { nodes } = buildCase([read]);
  const [node] = nodes;
  const [problem] = [...read.transcript.problems, ...(node?.state.problems ?? [])];
  if (problem) throw new Error(`${problem.message} (${text.slice(problem.place.start, problem.place.end)})`);
  if (!node) throw new Error(`no node in\n${text}`);
  return node;
}

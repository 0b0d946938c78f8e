import { wordsForDecision } from "../fib/decisionWords.js";
import { flowWords } from "../fib/flowWords.js";
import type { SideEffect } from "./fix.js";

/**
 * What a repair moves from one default route to another without being meant to: nearly everything that the node sends may be among it.
 * `undefined` where it moves no such thing.
 */
export function defaultTaken(sideEffects: readonly SideEffect[]): SideEffect | undefined {
  return sideEffects.find(({ before, after }) =>
    [before, after].every((decision) => decision.type === "route" && decision.route.dst.length === 0),
  );
}

/** Says so in a sentence, or not at all. */
export function wordsForDefaultTaken(sideEffects: readonly SideEffect[]): string[] {
  const taken = defaultTaken(sideEffects);
  if (!taken) return [];
  const { flow, before, after } = taken;
  return [
    `Mind: packets that have only a default route take another one: ${flowWords(flow)} goes to ${wordsForDecision(after)}, no longer to ${wordsForDecision(before)}.`,
  ];
}

import type { Finding } from "../findings/finding.js";
import type { NodeState } from "../state/nodeState.js";
import type { Candidate, Goal } from "./candidate.js";
import { applyChange, changeCommand, undoAll } from "./change.js";
import { defaultTaken, wordsForDefaultTaken } from "./defaultTaken.js";
import { findSideEffects } from "./findSideEffects.js";
import type { Effect, Fix } from "./fix.js";
import { lastingNotes } from "./lastingNotes.js";
import { persistentForms } from "./persistentForms.js";

/** Device and table names come from the input. A command with a character that a shell would interpret is not offered. */
const harmlessWords = /^[\w .:/@+=-]+$/;

/**
 * Simulates a candidate on its targets, and on one flow for every region of flows that its changes touch. `undefined` where it does not do
 * what it is for, or does harm, or cannot be written as harmless commands.
 */
export function simulate(state: NodeState, finding: Finding, goal: Goal, candidate: Candidate): Fix | undefined {
  const { kind, title, changes, notes } = candidate;
  const commands = changes.map(changeCommand);
  const undo = undoAll(state, changes);
  if (![...commands, ...undo].every((command) => harmlessWords.test(command))) return undefined;
  const changed = changes.reduce(applyChange, state);
  const effects: Effect[] = [];
  for (const { flow, ask, isRepaired } of goal.targets) {
    const after = ask(changed);
    if (!isRepaired(after)) return undefined;
    effects.push({ flow, before: ask(state), after });
  }
  const [main, ...repairs] = effects;
  if (!main) return undefined;
  const { effects: sideEffects, whole } = findSideEffects(state, changed, goal);
  if (sideEffects.some(({ judgement }) => judgement === "harmful")) return undefined;
  return {
    id: `${kind}:${finding.code}:${finding.place.file}:${finding.place.start}`,
    kind,
    finding,
    title,
    changes,
    commands,
    undo,
    persistent: persistentForms(state, changes),
    proof: { purpose: goal.purpose, main, repairs, sideEffects, whole },
    notes: [...wordsForDefaultTaken(sideEffects), ...notes, ...lastingNotes(state, finding, changes)],
    state: changed,
  };
}

/**
 * The candidates that hold, in their order, but last those that move what a default route leads; of those that come to the same commands
 * only the first.
 */
export function simulateAll(
  state: NodeState,
  finding: Finding,
  goal: Goal,
  candidates: readonly (Candidate | undefined)[],
): Fix[] {
  const fixes = candidates.flatMap((candidate) => (candidate && simulate(state, finding, goal, candidate)) ?? []);
  const distinct = fixes.filter(({ commands }, index) => {
    const same = (other: Fix): boolean => other.commands.join("\n") === commands.join("\n");
    return fixes.findIndex(same) === index;
  });
  const movesDefault = ({ proof }: Fix): boolean => defaultTaken(proof.sideEffects) !== undefined;
  return distinct.sort((a, b) => Number(movesDefault(a)) - Number(movesDefault(b)));
}

import type { Finding } from "../findings/finding.js";
import type { NodeState } from "../state/nodeState.js";
import type { Candidate, Goal } from "./candidate.js";
import { applyChange, changeCommand, undoAll } from "./change.js";
import { defaultTaken, wordsForDefaultTaken } from "./defaultTaken.js";
import { type SideEffects, sideEffectFinder } from "./findSideEffects.js";
import type { Effect, Fix } from "./fix.js";
import { lastingNotes } from "./lastingNotes.js";
import { persistentForms } from "./persistentForms.js";

/** Device and table names come from the input. A command with a character that a shell would interpret is not offered. */
const harmlessWords = /^[\w .:/@+=-]+$/;

/** A candidate that does what it is for; whether it does harm besides is not known yet. */
interface Attempt extends Candidate {
  readonly commands: readonly string[];
  readonly undo: readonly string[];
  /** The node with the candidate's changes made. */
  readonly changed: NodeState;
  /** What it repairs, the most telling first. */
  readonly main: Effect;
  readonly repairs: readonly Effect[];
}

/** Tries a candidate on its targets. `undefined` where it does not do what it is for, or cannot be written as harmless commands. */
function attempt(state: NodeState, goal: Goal, candidate: Candidate): Attempt | undefined {
  const { changes } = candidate;
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
  return main && { ...candidate, commands, undo, changed, main, repairs };
}

function fixOf(state: NodeState, finding: Finding, { purpose }: Goal, tried: Attempt, found: SideEffects): Fix {
  const { kind, title, changes, notes, commands, undo, changed, main, repairs } = tried;
  const { effects: sideEffects, alike: moreSideEffects, whole } = found;
  return {
    id: `${kind}:${finding.code}:${finding.place.file}:${finding.place.start}`,
    kind,
    finding,
    title,
    changes,
    commands,
    undo,
    persistent: persistentForms(state, changes),
    proof: { purpose, main, repairs, sideEffects, moreSideEffects, whole },
    notes: [...wordsForDefaultTaken(sideEffects), ...notes, ...lastingNotes(state, finding, changes)],
    state: changed,
  };
}

function distinctCommands(attempts: readonly Attempt[]): Attempt[] {
  const known = new Set<string>();
  return attempts.filter(({ commands }) => {
    const text = commands.join("\n");
    return !known.has(text) && known.add(text);
  });
}

/**
 * The candidates that hold, in their order, but last those that move what a default route leads; of those that come to the same commands
 * only the first. Each is simulated on its targets, and on one flow for every region of flows that its changes touch. What does not do what
 * it is for, or does harm, or cannot be written as harmless commands, is not among them.
 */
export function simulateAll(
  state: NodeState,
  finding: Finding,
  goal: Goal,
  candidates: readonly (Candidate | undefined)[],
): Fix[] {
  const attempts = distinctCommands(
    candidates.flatMap((candidate) => (candidate && attempt(state, goal, candidate)) ?? []),
  );
  const findSideEffects = sideEffectFinder(
    state,
    attempts.map(({ changed }) => changed),
    goal,
  );
  const fixes = attempts.flatMap((tried) => {
    const found = findSideEffects(tried.changed);
    const isHarmful = found.effects.some(({ judgement }) => judgement === "harmful");
    return isHarmful ? [] : fixOf(state, finding, goal, tried, found);
  });
  const movesDefault = ({ proof }: Fix): boolean => defaultTaken(proof.sideEffects) !== undefined;
  return fixes.sort((a, b) => Number(movesDefault(a)) - Number(movesDefault(b)));
}

import type { IpCommand } from "./ipCommand.js";
import { type Line, placeIn } from "./line.js";
import { type ChangeReading, isVariable, readRouteCommand, readRuleCommand } from "./readChange.js";
import type { ChangeSection } from "./section.js";
import { shownCommand, type TranscriptState } from "./transcriptState.js";

type ChangeVerb = ChangeSection["verb"];

/** The change that a command makes, or `undefined` for one that only shows something. */
export function changeVerb({ object, verb, words, args }: IpCommand): ChangeVerb | undefined {
  if (object !== "rule" && object !== "route") return undefined;
  if (verb === "show" || verb === "get" || verb === "other") return undefined;
  // Flushing the cache of old kernels changes no route.
  return verb === "flush" && words[args]?.text === "cache" ? undefined : verb;
}

function readChange(line: Line, command: IpCommand): ChangeReading {
  if (command.verb === "flush") return {};
  return command.object === "rule" ? readRuleCommand(line, command) : readRouteCommand(line, command);
}

/** Whether a change without a prompt before it is a command: it can be read, or waits for the shell. Prose cannot. */
export function isChange(line: Line, command: IpCommand): boolean {
  const { rule, route, problem } = readChange(line, command);
  const args = command.words.slice(command.args);
  return (
    rule !== undefined || route !== undefined || problem !== undefined || args.some((word) => isVariable(word.text))
  );
}

/** Takes a command that changes rules or routes as a section of its own. */
export function takeChange(state: TranscriptState, line: Line, command: IpCommand): boolean {
  const verb = changeVerb(command);
  if (!verb) return false;
  const reading = readChange(line, command);
  if (reading.problem) state.problems.push(reading.problem);
  state.sections.push({
    kind: "change",
    place: placeIn(line, command.start, command.end),
    command: shownCommand(line, command.start, command.end),
    printedBy: "unknown",
    verb,
    ...(reading.rule ? { rule: reading.rule } : {}),
    ...(reading.route ? { route: reading.route } : {}),
  });
  return true;
}

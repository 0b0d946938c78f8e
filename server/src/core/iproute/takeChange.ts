import type { IpCommand } from "./ipCommand.js";
import { type Line, placeIn } from "./line.js";
import { readRouteCommand, readRuleCommand } from "./readChange.js";
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

/** Takes a command that changes rules or routes as a section of its own. */
export function takeChange(state: TranscriptState, line: Line, command: IpCommand): boolean {
  const verb = changeVerb(command);
  if (!verb) return false;
  const reading =
    verb === "flush"
      ? {}
      : command.object === "rule"
        ? readRuleCommand(line, command)
        : readRouteCommand(line, command);
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

import { findIpCommands, type IpCommand } from "./ipCommand.js";
import { type Line, marksLength, placeIn } from "./line.js";
import { tableOf } from "./names.js";
import { findPrompt } from "./prompt.js";
import { readListing } from "./readListing.js";
import { ruleKeywords } from "./ruleKeywords.js";
import { changeVerb, isChange, takeChange } from "./takeChange.js";
import { listeningDevice } from "./takePackets.js";
import { openRoutes } from "./takeRoutes.js";
import { askedSysctls } from "./takeSysctls.js";
import { takeTableName } from "./takeTableNames.js";
import { closeSection, noteRemark, shownCommand, type TranscriptState } from "./transcriptState.js";

/** Whether the arguments are such as the command takes: prose that begins with `ip rule` has others. */
function isWellFormed(line: Line, command: IpCommand): boolean {
  if (changeVerb(command)) return command.verb === "flush" || isChange(line, command);
  if (command.object === "route" && command.verb === "show") return !readListing(command).unknown;
  if (command.object !== "rule" || command.verb !== "show") return command.object !== "other";
  const argument = command.words[command.args]?.text;
  return argument === undefined || ruleKeywords.has(argument) || /^(?:pref|priority|not|dev|all)/.test(argument);
}

/** Whether a command is all that a remark says: it begins or ends it. */
function fillsRemark(line: Line, { start, end }: IpCommand): boolean {
  const before = line.text.slice(0, start);
  const after = line.text.slice(end);
  return /^[\s#/*;>"'`+-]*$/.test(before) || /^[\s"'`):：.。*]*$/.test(after);
}

/**
 * A command that printed nothing, between two prompts: a routing table that is empty. A list that was filtered or piped may
 * be empty for another reason; where one line held several commands it is not known which one was silent.
 */
function noteSilence(state: TranscriptState): void {
  const [pending] = state.pending;
  if (!state.silent || !pending || state.pending.length > 1) return;
  const { command, shown } = pending;
  if (command.object !== "route" || command.verb !== "show" || command.pipe !== undefined) return;
  if (readListing(command).table === "all") return;
  openRoutes(state, command.family ?? 4, shown.place);
}

/** `table 1-250` is no table of `ip`, but what support scripts write above the tables they list one by one. */
function rangeOf(command: IpCommand): readonly [number, number] | undefined {
  const table = command.object === "route" ? readListing(command).table : undefined;
  const range = table === undefined || table === "all" ? null : /^(\d+)-(\d+)$/.exec(table.name ?? "");
  return range ? [Number(range[1]), Number(range[2])] : undefined;
}

function begin(state: TranscriptState, line: Line, commands: readonly IpCommand[], certain: boolean): void {
  if (certain) noteSilence(state);
  closeSection(state);
  const shows: IpCommand[] = [];
  for (const command of commands) {
    if (changeVerb(command)) takeChange(state, line, command);
    else shows.push(command);
  }
  state.pending = shows
    .filter(({ verb, object }) => verb === "show" || object === "address" || object === "link")
    .map((command) => ({ command, shown: shownCommand(line, command.start, command.end) }));
  state.answers = shows.filter(({ object, verb }) => object === "route" && verb === "get").length;
  state.muted = shows.some(
    (command) => command.object === "monitor" || (command.object === "route" && readListing(command).cache),
  );
  state.silent = certain && shows.length === commands.length;
  state.askedSysctls = askedSysctls(line.text);
  state.listening = listeningDevice(line.text);
  state.tableRange = shows.map(rangeOf).find((range) => range !== undefined);
  state.tableNamesAsked = line.text.includes("rt_tables");
  noteRemark(state, line);
}

/**
 * Takes a line that a person typed into a terminal or a script: a prompt, an `ip` command without one, or a remark that
 * consists of such a command (`# before: ip rule`). It ends the section before it.
 */
export function takeCommand(state: TranscriptState, line: Line): boolean {
  const prompt = findPrompt(line.text);
  if (prompt?.certain) {
    const commands = findIpCommands(line.text, prompt.command, true);
    begin(state, line, commands, true);
    // `echo 100 wan >> /etc/iproute2/rt_tables` names a table.
    if (state.tableNamesAsked) takeTableName(state, line);
    return true;
  }
  if (!line.text.includes("ip ")) {
    // `ip` is always followed by a blank in a command.
    return false;
  }
  const marks = marksLength(line.text);
  const bare = findIpCommands(line.text, prompt?.command ?? marks, false);
  const commands =
    bare.length > 0
      ? bare
      : findIpCommands(line.text, marks, true).filter((command) => fillsRemark(line, command) && !changeVerb(command));
  if (commands.length === 0 || !commands.every((command) => isWellFormed(line, command))) return false;
  begin(state, line, commands, false);
  return true;
}

const tableHeading =
  /^\W*(?:IPv?([46])[ \t]+)?(?:routing )?table[ \t]+([\w.-]+)(?:[ \t]+(rules|routes))?[ \t]*[:：]?[ \t`*"']*$/i;

/** Takes a heading that names a table: `Table 100:`, `# table 52`, `IPv4 Table 201 Rules:`. */
export function takeHeading(state: TranscriptState, line: Line): boolean {
  if (line.text.length > 80) return false;
  const heading = tableHeading.exec(line.text);
  const table = tableOf(heading?.[2] ?? "");
  if (!heading || !table) return false;
  closeSection(state);
  const family = heading[1] === "6" ? 6 : heading[1] === "4" ? 4 : undefined;
  const rules = heading[3]?.toLowerCase() === "rules";
  state.heading = {
    ...(family ? { family } : {}),
    ...(rules ? { rulesOf: line.text.trim() } : { table }),
  };
  noteRemark(state, line);
  return true;
}

/** Takes the number of a table that stands alone above its routes, where a command named a range of tables. */
export function takeTableNumber(state: TranscriptState, line: Line): boolean {
  const [first, last] = state.tableRange ?? [];
  const id = Number(/^\s*(\d{1,10})\s*$/.exec(line.text)?.[1] ?? Number.NaN);
  if (first === undefined || last === undefined || !(id >= first && id <= last)) return false;
  const range = state.tableRange;
  closeSection(state);
  state.tableRange = range;
  state.heading = { table: { id } };
  noteRemark(state, line);
  return true;
}

/** A heading with the first route behind it: `IPv4 Table 201: default via ...`. Answers where the route begins. */
export function headingBefore(state: TranscriptState, line: Line): number {
  const heading = /^\s*(?:IPv?([46]) )?Table (\w[\w.-]*): +(?=\S)/i.exec(line.text);
  const table = tableOf(heading?.[2] ?? "");
  if (!heading || !table) return 0;
  closeSection(state);
  state.heading = { ...(heading[1] ? { family: heading[1] === "6" ? 6 : 4 } : {}), table };
  return heading[0].length;
}

/** The kernel's word that a table does not exist, as the answer to `ip route show table N`. */
export function takeMissingTable(state: TranscriptState, line: Line): boolean {
  const answer = /ipv([46]): FIB table does not exist/.exec(line.text);
  if (!answer) return false;
  const family = answer[1] === "6" ? 6 : 4;
  const section = openRoutes(state, family, placeIn(line, 0, line.text.trimEnd().length));
  section.tableMissing = true;
  noteRemark(state, line);
  return true;
}

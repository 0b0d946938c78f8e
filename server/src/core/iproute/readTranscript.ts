import { lineBehind, lineEnds, lineSpans } from "../text/lines.js";
import type { Place, Span } from "../text/span.js";
import { allSteps, type Steps } from "../text/steps.js";
import { beginsNoTail, isTail, joinWrapped } from "./joinWrapped.js";
import { type Line, lineAt, marksLength, partOfLine } from "./line.js";
import { recogniseRouteProgram, recogniseRuleProgram } from "./programVersion.js";
import { withFamily } from "./ruleFamily.js";
import type { Section, Transcript } from "./section.js";
import { headingBefore, takeCommand, takeHeading, takeMissingTable, takeTableNumber } from "./takeCommand.js";
import { takeEndpoint } from "./takeEndpoints.js";
import { takeJson } from "./takeJson.js";
import { takeLink } from "./takeLinks.js";
import { takeNeighbour } from "./takeNeighbours.js";
import { takePacket } from "./takePackets.js";
import { takeCacheLine, takeNexthop, takeRoute, takeSimilarRoute } from "./takeRoutes.js";
import { takeRouteTableHeader, takeRouteTableRow } from "./takeRouteTable.js";
import { takeRule, takeSimilarRule } from "./takeRules.js";
import { takeSysctl } from "./takeSysctls.js";
import { takeTableName } from "./takeTableNames.js";
import { closeSection, type Draft, initialState, noteRemark, type TranscriptState } from "./transcriptState.js";

/** Takes a line if it is of its kind, and answers whether it did. */
type Taker = (state: TranscriptState, line: Line) => boolean;

/** A line that stands for lines left out. */
const elided = /^[\s>|+#*-]*(?:\.{3,}|…+|\[\.\.\.\]|\[?<?(?:snip|snipped|cut|省略)>?\]?|--More--)\s*$/i;

function takeElision(state: TranscriptState, line: Line): boolean {
  if (!elided.test(line.text)) return false;
  const { open } = state;
  if (!open) state.elided = true;
  else if ("cut" in open) open.cut = true;
  noteRemark(state, line);
  return true;
}

/** The fence of a code block in Markdown: another paste begins. */
function takeFence(state: TranscriptState, line: Line): boolean {
  if (!/^\s*(?:```|~~~)/.test(line.text)) return false;
  state.open = undefined;
  state.listing = undefined;
  noteRemark(state, line);
  return true;
}

/** What is gone in a diff, and its headers. */
function takeDiffMark(state: TranscriptState, line: Line): boolean {
  if (line.text.startsWith("@@ ")) {
    state.inDiff = true;
    if (state.open && "cut" in state.open) state.open.cut = true;
  } else if (!state.inDiff || !line.text.startsWith("-")) return false;
  noteRemark(state, line);
  return true;
}

/** Lines of `ip monitor`, which tell of changes and not of a state: with a time above each, labels, or `Deleted`. */
function takeMonitor(state: TranscriptState, line: Line): boolean {
  if (/^Timestamp: \w{3} /.test(line.text)) {
    closeSection(state);
    state.muted = true;
  } else if (!/^\s*(?:\[(?:ROUTE|RULE|ADDR|LINK|NEIGH|nsid [^\]]{1,40})\]|Deleted \S)/.test(line.text)) return false;
  noteRemark(state, line);
  return true;
}

/** Lines around the dumps; asked first, for they end a dump or say what the next one is. */
const takeSurroundings: readonly Taker[] = [
  takeFence,
  takeDiffMark,
  takeElision,
  takeMonitor,
  takeTableNumber,
  takeHeading,
  takeCommand,
];

/** Lines of dumps. A neighbour begins like a route, and is asked for first. */
const takeDump: readonly Taker[] = [
  takeEndpoint,
  takeRule,
  takeNexthop,
  takeCacheLine,
  takeNeighbour,
  takeRouteTableHeader,
  takeRouteTableRow,
  takeRoute,
  takeMissingTable,
  takeLink,
  takeSysctl,
  takeTableName,
  takePacket,
];

/** Amid a list, a line that begins with a digit is most often one more of its kind: nothing else need be asked. */
function takeOneMore(state: TranscriptState, line: Line): boolean {
  const first = line.text.charCodeAt(0);
  if (first < 48 || first > 57) return false;
  if (state.open?.kind === "rules") return takeRule(state, line);
  return (
    state.open?.kind === "routes" &&
    state.open.printedBy !== "net-tools" &&
    (takeNeighbour(state, line) || takeRoute(state, line))
  );
}

function takeLine(state: TranscriptState, line: Line): void {
  if (takeOneMore(state, line) || takeSurroundings.some((take) => take(state, line))) return;
  const from = headingBefore(state, line);
  const body = from > 0 ? partOfLine(line, from, line.text.length) : line;
  state.silent = false;
  if (!state.muted && takeDump.some((take) => take(state, body))) return;
  noteRemark(state, line, marksLength(line.text), line.text.trimEnd().length);
}

/** Adds to a section what only all of its lines tell: the family of rules, and the program that printed it. */
export function finishSection(section: Draft<Section>, text: string, previous: Draft<Section> | undefined): Section {
  if (section.kind === "rules") {
    return {
      ...withFamily(section, previous),
      ...placeWith(section, section.rules),
      ...recogniseRuleProgram(section, text),
    };
  }
  if (section.kind === "routes") {
    return { ...section, ...placeWith(section, section.routes), ...recogniseRouteProgram(section, text) };
  }
  return section;
}

/** The place of a list, with that of its last entry. */
function placeWith({ place }: Draft<Section>, entries: readonly { readonly place: Place }[]): Pick<Section, "place"> {
  return { place: { ...place, end: Math.max(place.end, entries.at(-1)?.place.end ?? 0) } };
}

/** Dumps inside a quoted string have `\n` written out; each of their lines is read on its own. */
function linesWithin(line: Line): Line[] {
  if (line.pieces.length > 1 || !line.text.includes("\\n") || !line.text.includes("from ")) return [line];
  const parts: Line[] = [];
  let start = 0;
  for (let at = line.text.indexOf("\\n"); at >= 0; at = line.text.indexOf("\\n", start)) {
    parts.push(partOfLine(line, start, at));
    start = at + 2;
  }
  return [...parts, partOfLine(line, start, line.text.length)];
}

/**
 * Reads whatever a person pastes: dumps of `ip rule`, `ip route` and their neighbours, in terminals, scripts, mails and logs.
 *
 * @param file the name that places carry.
 * @returns the sections in the order of the text. Lines that look like a rule or a route and cannot be read are problems;
 * anything else that is no data is a remark. Never throws; the time is linear in the text's length.
 */
export function readTranscript(file: string, text: string): Transcript {
  return allSteps(transcriptSteps(file, text));
}

/** `readTranscript`, some lines at a time. */
export function* transcriptSteps(file: string, text: string): Steps<Transcript> {
  const state = initialState(file, text);
  yield* lineSteps(state, { start: 0, end: text.length });
  const sections = state.sections.map((section, index) => finishSection(section, text, state.sections[index - 1]));
  return { file, sections, problems: state.problems, remarks: state.remarks };
}

/** Goes down the lines of a stretch of the text, from the start of a line to the end of one. */
export function takeLines(state: TranscriptState, stretch: Span): void {
  allSteps(lineSteps(state, stretch));
}

/** Lines that are read in a step. */
const linesOfStep = 64;

function* lineSteps(state: TranscriptState, stretch: Span): Steps<void> {
  const { file, text } = state;
  const endOf = lineEnds(text, stretch.end);
  let longest: number | undefined;
  const width = () => {
    longest ??= longestLine(text);
    return longest;
  };
  let resume = 0;
  let next = stretch.start;
  for (let count = 1; next < stretch.end; count++) {
    if (count % linesOfStep === 0) yield;
    const start = Math.max(next, resume);
    const end = endOf(next);
    next = lineBehind(text, end);
    if (start >= end) continue;
    const isLast = next >= stretch.end;
    const mayGoOn = !isLast && !beginsNoTail(text, next);
    if (!mayGoOn && takeSimilar(state, start, end)) continue;
    // Pretty JSON goes over many lines; what stands behind its end is read as a line of its own.
    const json = takeJson(state, { start, end });
    resume = json ?? resume;
    if (json !== undefined && json >= end) continue;
    const line = lineAt(file, text, { start: Math.max(start, resume), end });
    if (line.text.trim() === "") continue;
    const second = mayGoOn ? lineAt(file, text, { start: next, end: endOf(next) }) : undefined;
    if (second && isTail(second.text.trimEnd())) {
      const whole = joinWrapped(line, second, width);
      if (whole) {
        takeLine(state, whole);
        next = lineBehind(text, endOf(next));
        continue;
      }
    }
    for (const part of linesWithin(line)) takeLine(state, part);
  }
}

/** Takes a line that is like one that was read before: most are, in a long list. */
function takeSimilar(state: TranscriptState, start: number, end: number): boolean {
  return state.open?.kind === "rules" ? takeSimilarRule(state, start, end) : takeSimilarRoute(state, start, end);
}

function longestLine(text: string): number {
  let longest = 0;
  for (const { start, end } of lineSpans(text)) longest = Math.max(longest, end - start);
  return longest;
}

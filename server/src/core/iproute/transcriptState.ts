import type { Family } from "../net/address.js";
import type { Problem, Span } from "../text/span.js";
import type { IpCommand } from "./ipCommand.js";
import { type Line, placeIn, spanIn } from "./line.js";
import type { RouteContext } from "./readRouteLine.js";
import type { Nexthop, Route } from "./route.js";
import type { TableRef } from "./rule.js";
import type { RouteSection, Section, ShownCommand } from "./section.js";
import type { RouteTemplates } from "./similarRoute.js";
import { noRuleTemplates, type RuleTemplates } from "./similarRule.js";

/** A section under construction: its lists grow, its place is extended. */
export type Draft<S> = { -readonly [K in keyof S]: S[K] extends readonly (infer E)[] ? E[] : S[K] };

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A command whose output may follow. */
export interface PendingCommand {
  readonly command: IpCommand;
  readonly shown: ShownCommand;
}

/** What a heading (`Table 100:`) says of the lines below it. */
export interface Heading {
  readonly family?: Family;
  readonly table?: TableRef;
  /** Only the rules of one table follow. */
  readonly rulesOf?: string;
}

/** The routes that one command or heading brings. */
export interface RouteListing {
  readonly context: RouteContext;
  /** What the listing's sections have in common. */
  readonly common: Omit<RouteSection, "family" | "place" | "routes">;
  /** A section for each family: `ip route show table all` prints both. */
  readonly sections: Map<Family, Draft<RouteSection>>;
  readonly templates: RouteTemplates;
  /** The route to which `nexthop` lines belong. */
  growing?: { readonly route: Mutable<Route>; readonly hops: Nexthop[] };
}

/** What the reader of a transcript knows while it goes down the lines. */
export interface TranscriptState {
  readonly file: string;
  readonly text: string;
  readonly sections: Draft<Section>[];
  readonly problems: Problem[];
  readonly remarks: Span[];
  /** The section that the lines at hand belong to. */
  open: Draft<Section> | undefined;
  listing: RouteListing | undefined;
  /** Rules of the open list to which others may be similar. */
  ruleTemplates: RuleTemplates;
  /** Commands of the last command line that have not printed anything yet. */
  pending: PendingCommand[];
  heading: Heading;
  /** Lines were left out before the section to come. */
  elided: boolean;
  /** Nothing but blank lines came since a command line behind a certain prompt. */
  silent: boolean;
  /** The lines are the output of a command that shows no state: `ip monitor`. */
  muted: boolean;
  /** Answers of `ip route get` that are still to come. */
  answers: number;
  /** The lines are a diff: those marked `-` are gone. */
  inDiff: boolean;
  /** The first and last table of a command that listed many, each below its number (mwan3: `ip route list table 1-250`). */
  tableRange: readonly [first: number, last: number] | undefined;
  /** Columns of the `route -n` table at hand. */
  columns: readonly string[];
  /** Keys whose values come without their names, in order. */
  askedSysctls: string[];
  /** The device that the last command lets tcpdump listen on. */
  listening: string | undefined;
  /** The file, or the output of the last command, is rt_tables. */
  tableNamesAsked: boolean;
}

/** A reader's state before the first line. */
export function initialState(file: string, text: string): TranscriptState {
  return {
    file,
    text,
    sections: [],
    problems: [],
    remarks: [],
    open: undefined,
    listing: undefined,
    ruleTemplates: noRuleTemplates(),
    pending: [],
    heading: {},
    elided: false,
    silent: false,
    muted: false,
    answers: 0,
    inDiff: false,
    tableRange: undefined,
    columns: [],
    askedSysctls: [],
    listening: undefined,
    tableNamesAsked: /(?:^|[/\\])rt_tables(?:\.d[/\\][^/\\]+)?$/.test(file),
  };
}

/** Begins a section: it is the one that the lines to come belong to. */
export function openSection<S extends Draft<Section>>(state: TranscriptState, section: S): S {
  state.sections.push(section);
  state.open = section;
  if (section.kind !== "routes") state.listing = undefined;
  if (state.elided && "cut" in section) section.cut = true;
  state.elided = false;
  return section;
}

/** Ends the open section and all that its command or heading said: another one came. */
export function closeSection(state: TranscriptState): void {
  state.open = undefined;
  state.listing = undefined;
  state.pending = [];
  state.heading = {};
  state.elided = false;
  state.silent = false;
  state.muted = false;
  state.answers = 0;
  state.inDiff = false;
  state.tableRange = undefined;
  state.columns = [];
  state.askedSysctls = [];
  state.listening = undefined;
  state.tableNamesAsked = false;
}

/** Extends the section's place to hold `end`. */
export function extendSection(section: Draft<Section>, end: number): void {
  if (end > section.place.end) section.place = { ...section.place, end };
}

/** Takes the command among the pending ones whose output `matches`; those before it printed nothing. */
export function takePending(
  state: TranscriptState,
  matches: (command: IpCommand) => boolean,
): PendingCommand | undefined {
  const index = state.pending.findIndex(({ command }) => matches(command));
  return index < 0 ? undefined : state.pending.splice(0, index + 1).at(-1);
}

/** Notes a stretch of the text that is read and knowingly no data. */
export function noteRemark(state: TranscriptState, line: Line, start = 0, end = line.text.length): void {
  if (end > start) state.remarks.push(spanIn(line, start, end));
}

/** Whether a line is the text's last and has no end: it may have been cut. */
export function endsText(state: TranscriptState, line: Line): boolean {
  return placeIn(line, 0, line.text.length).end >= state.text.length;
}

/** The command of a line as a section shows it. */
export function shownCommand(line: Line, start: number, end: number): ShownCommand {
  return { text: line.text.slice(start, end), place: placeIn(line, start, end) };
}

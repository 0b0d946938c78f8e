import type { Problem, Span } from "../text/span.js";
import { takeLines } from "./readTranscript.js";
import type { RouteSection, RuleSection, Section, Transcript } from "./section.js";
import { type Draft, initialState, type TranscriptState } from "./transcriptState.js";

/** A section whose entries follow one another, a line or a few each. */
export type List = RuleSection | RouteSection;

/** What lists consist of. */
interface Entry {
  readonly place: Span;
}

/** What a stretch amid a list says, read by itself. */
export interface Excerpt {
  readonly list: Draft<List>;
  /** How many of its entries were read above the stretch. */
  readonly above: number;
  readonly problems: readonly Problem[];
  readonly remarks: readonly Span[];
  /** Commands above the list of which nothing came yet. */
  readonly pending: number;
}

/** So many remarks above a stretch are read again for what they say of it. */
const mostRemarks = 64;

/**
 * Reads some whole lines of a text as they stand amid a list. Read again are also the list's command, its first entry and the remarks
 * between, for what they say of all lines behind them; other entries say nothing of them. What remarks say between several sections is not
 * known.
 *
 * @param old a transcript of the text in which all above the stretch is as in the text.
 * @returns undefined where something else than the list goes on behind the stretch, or the stretch may say more of what is behind it.
 */
export function readAmid(old: Transcript, list: List, text: string, stretch: Span): Excerpt | undefined {
  const state = initialState(old.file, text);
  const begin = list.command?.place.start ?? list.place.start;
  if (!list.command && text.slice(0, begin).trim() !== "") return undefined;
  const isAbove = ({ start }: Span) => begin <= start && start < stretch.start;
  const remarks = old.remarks.filter((span) => isAbove(span) && span.start >= (list.command?.place.end ?? begin));
  const isAlone = old.sections.every((section) => section === list || !isAbove(section.place));
  if (remarks.length > mostRemarks || (remarks.length > 0 && !isAlone)) return undefined;
  const [first] = entriesOf(list);
  const above = [...(list.command ? [list.command.place] : []), ...remarks, ...(first ? [first.place] : [])];
  let end = -1;
  for (const span of above.filter(isAbove).sort((a, b) => a.start - b.start)) {
    const lines = wholeLines(text, span);
    if (lines.start <= end) continue;
    takeLines(state, lines);
    ({ end } = lines);
  }
  if (end >= stretch.start) return undefined;
  const before = premises(state);
  const known = { problems: state.problems.length, remarks: state.remarks.length, entries: 0 };
  if (isList(state.open)) known.entries = entriesOf(state.open).length;
  takeLines(state, stretch);
  const [only, ...others] = state.sections;
  const isSame = premises(state).every((premise, at) => premise === before[at]);
  if (!isList(only) || others.length > 0 || only !== state.open || !isSame) return undefined;
  return {
    list: only,
    above: known.entries,
    problems: state.problems.slice(known.problems),
    remarks: state.remarks.slice(known.remarks),
    pending: state.pending.length,
  };
}

export function isList<S extends Section | Draft<Section>>(
  section: S | undefined,
): section is Extract<S, { readonly kind: List["kind"] }> {
  return section?.kind === "rules" || section?.kind === "routes";
}

/** The entries of a list, in the order of the text. */
export function entriesOf(list: List | Draft<List>): readonly Entry[] {
  return list.kind === "rules" ? list.rules : list.routes;
}

/** The lines that a stretch of the text stands on, without the terminator of the last. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const next = text.indexOf("\n", end);
  return { start: start === 0 ? 0 : text.lastIndexOf("\n", start - 1) + 1, end: next < 0 ? text.length : next };
}

/** All that lines say of those behind them, but for the list that they are of, and for commands of which something came. */
function premises(state: TranscriptState): readonly unknown[] {
  const { heading, elided, silent, muted, answers, inDiff, tableRange, columns, listening, tableNamesAsked } = state;
  const asked = state.askedSysctls.length;
  return [heading, elided, silent, muted, answers, inDiff, tableRange, columns, listening, tableNamesAsked, asked];
}

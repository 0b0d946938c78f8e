import { type Edit, findEdit } from "../text/findEdit.js";
import { sameButPlaces } from "../text/sameButPlaces.js";
import type { Problem, Span } from "../text/span.js";
import { movedRoute } from "./movedRoute.js";
import { movedRule, movedSpan } from "./movedRule.js";
import { firstFrom, movedSection, placeAfter } from "./movedSection.js";
import { type Excerpt, entriesOf, isList, type List, readAmid, wholeLines } from "./readAmid.js";
import { finishSection } from "./readTranscript.js";
import type { Section, Transcript } from "./section.js";
import type { Draft } from "./transcriptState.js";

/** What is read anew: the lines of an edit, from the last entry of the list before them to the first one behind them. */
interface Window {
  readonly edit: Edit;
  /** The positions of these two entries in the list. */
  readonly first: number;
  readonly last: number;
  /** The lines in the earlier version ... */
  readonly before: Span;
  /** ... and in the later one. */
  readonly after: Span;
}

/** Longest stretch that is read anew. */
const longestWindow = 65_536;

/**
 * The transcript of a text of which an earlier version was read, where it is enough to read the lines that changed: they stand amid a list
 * of rules or routes, and say nothing of what stands behind them, before and after. What `readTranscript` would answer; all that did not
 * change is as it was, but for its places. Undefined where the whole text has to be read.
 *
 * @param before the text that `old` was read from.
 */
export function rereadTranscript(
  old: Transcript,
  before: string,
  text: string,
  edit: Edit | undefined = findEdit(before, text),
): Transcript | undefined {
  const list = edit && listAround(old, edit);
  const window = list && windowOf(list, edit, before);
  const gone = window && readAmid(old, list, before, window.before);
  const come = gone && readAmid(old, list, text, window.after);
  const changed = come && withExcerpt(old, list, window, gone, come);
  const at = list ? old.sections.indexOf(list) : -1;
  if (!changed || tellsFamily(list, old.sections[at + 1])) return undefined;
  const sections: Section[] = [];
  for (const section of old.sections) {
    const next =
      section === list
        ? finishSection(changed, text, old.sections[at - 1] as Draft<Section>)
        : movedSection(section, edit);
    if (!next) return undefined;
    sections.push(next);
  }
  const by = edit.end - edit.oldEnd;
  const problemMoved = (problem: Problem) => ({ ...problem, place: placeAfter(problem.place, edit) });
  const problems = spliced(old.problems, ({ place }) => place, window, come.problems, problemMoved);
  const remarks = spliced(
    old.remarks,
    (span) => span,
    window,
    come.remarks,
    (span) => movedSpan(span, by),
  );
  return problems && remarks && { file: old.file, sections, problems, remarks };
}

/** The list of which an entry stands before an edit, the nearest of all entries, and another one behind it. */
function listAround({ sections }: Transcript, { start, oldEnd }: Edit): List | undefined {
  let nearest: { readonly list: List; readonly start: number } | undefined;
  for (const list of sections) {
    if (!isList(list)) continue;
    const entries = entriesOf(list);
    const above = entries[firstFrom(entries, start) - 1]?.place.start ?? -1;
    const below = entries.at(-1)?.place.start ?? -1;
    if (above > (nearest?.start ?? -1) && below > oldEnd) nearest = { list, start: above };
  }
  return nearest?.list;
}

function windowOf(list: List, edit: Edit, text: string): Window | undefined {
  const entries = entriesOf(list);
  const last = firstFrom(entries, edit.oldEnd + 1);
  let first = firstFrom(entries, edit.start) - 1;
  // An edit may stand amid the lines of an entry.
  while ((entries[first]?.place.end ?? 0) >= edit.start) first--;
  const [above, below] = [entries[first]?.place, entries[last]?.place];
  if (!above || !below || below.end - above.start > longestWindow) return undefined;
  const before = wholeLines(text, { start: above.start, end: below.end });
  return { edit, first, last, before, after: { start: before.start, end: before.end + edit.end - edit.oldEnd } };
}

/** Whether the family of the next list may rest on the rules of this one (`withFamily`). */
function tellsFamily(list: List, next: Section | undefined): boolean {
  return list.kind === "rules" && next?.kind === "rules" && next.command === undefined;
}

/** The list with what the window says now in place of what it said, where the list goes on around it as it did. */
function withExcerpt(
  old: Transcript,
  list: List,
  { edit, first, last, before }: Window,
  gone: Excerpt,
  come: Excerpt,
): Draft<List> | undefined {
  const entries = entriesOf(list);
  const by = edit.end - edit.oldEnd;
  const said = entriesOf(gone.list).slice(gone.above);
  const says = entriesOf(come.list).slice(come.above);
  const isAsRead =
    said.length === last - first + 1 &&
    said.every((entry, at) => isSame(entries[first + at], entry, 0)) &&
    gone.problems.length === old.problems.filter(({ place }) => isWithin(place, before)).length &&
    gone.remarks.length === old.remarks.filter((span) => isWithin(span, before)).length;
  const goesOn =
    says.length > 1 &&
    isSame(entries[first], says[0], 0) &&
    isSame(entries[last], says.at(-1), by) &&
    gone.pending === come.pending;
  const cut = isAsRead && goesOn && sameHead(list, come.list) ? cutAfter(old, list, before, gone, come) : undefined;
  if (cut === undefined) return undefined;
  const common = { place: { ...list.place, end: list.place.end + by }, cut };
  if (list.kind === "rules" && come.list.kind === "rules") {
    const { rules } = list;
    const between = come.list.rules.slice(come.above + 1, -1);
    const behind = rules.slice(last).map((rule) => (by === 0 ? rule : movedRule(rule, by)));
    return { ...come.list, ...common, rules: [...rules.slice(0, first + 1), ...between, ...behind] };
  }
  if (list.kind === "routes" && come.list.kind === "routes") {
    const { routes } = list;
    const between = come.list.routes.slice(come.above + 1, -1);
    const behind = routes.slice(last).map((route) => (by === 0 ? route : movedRoute(route, by)));
    return { ...come.list, ...common, routes: [...routes.slice(0, first + 1), ...between, ...behind] };
  }
  return undefined;
}

/** Whether an entry was read again as it was, `by` code units further on. */
function isSame(
  old: { readonly place: Span } | undefined,
  read: { readonly place: Span } | undefined,
  by: number,
): boolean {
  if (!old || !read) return false;
  return old.place.start + by === read.place.start && old.place.end + by === read.place.end && sameButPlaces(old, read);
}

function isWithin({ start }: Span, { start: from, end }: Span): boolean {
  return from <= start && start <= end;
}

/** Whether the window was read with the same premises as the list. */
function sameHead(list: List, fresh: Draft<List>): boolean {
  if (list.command?.text !== fresh.command?.text || list.filter !== fresh.filter) return false;
  if (list.kind !== "routes" || fresh.kind !== "routes") return list.kind === fresh.kind;
  return (
    list.family === fresh.family && list.tableMissing === fresh.tableMissing && sameButPlaces(list.table, fresh.table)
  );
}

/** Whether the list is cut off after the edit; undefined where what cut it off is gone, and it can't be told whether anything else does. */
function cutAfter(old: Transcript, list: List, window: Span, gone: Excerpt, come: Excerpt): boolean | undefined {
  if (come.list.cut || !list.cut) return come.list.cut;
  if (!gone.list.cut) return true;
  const isElsewhere = (span: Span) => isWithin(span, list.place) && !isWithin(span, window);
  // Every rule that can't be read cuts its list off; of routes, some do.
  if (list.kind === "rules" && old.problems.some(({ place }) => isElsewhere(place))) return true;
  const begins = old.sections.map(({ command, place }) => command?.place.start ?? place.start);
  const end = begins.find((start) => start > list.place.end) ?? Number.POSITIVE_INFINITY;
  // Remarks above were read again. The line of the next command is one itself.
  const isBehind = (span: Span) => span.start > window.end && span.end < end;
  const mayCut = old.remarks.some(isBehind) || old.problems.some(({ place }) => isBehind(place) || isElsewhere(place));
  const last = list.kind === "rules" ? list.rules.at(-1) : list.routes.at(-1);
  return mayCut || last?.incomplete ? undefined : false;
}

/** Items in the order of the text, those in the window replaced by others and those behind it moved. Undefined where they have no order. */
function spliced<T>(
  items: readonly T[],
  spanOf: (item: T) => Span,
  { before: { start, end } }: Window,
  come: readonly T[],
  moved: (item: T) => T,
): readonly T[] | undefined {
  const starts = items.map((item) => spanOf(item).start);
  if (starts.some((offset, at) => offset < (starts[at - 1] ?? 0))) return undefined;
  const above = starts.findIndex((offset) => offset >= start);
  const below = starts.findIndex((offset) => offset > end);
  return [...(above < 0 ? items : items.slice(0, above)), ...come, ...(below < 0 ? [] : items.slice(below).map(moved))];
}

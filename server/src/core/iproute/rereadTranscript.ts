import { type Edit, findEdit } from "../text/findEdit.js";
import { sameButPlaces } from "../text/sameButPlaces.js";
import type { Span } from "../text/span.js";
import { movedRoute } from "./movedRoute.js";
import { movedRule, movedSpan } from "./movedRule.js";
import { firstFrom, movedSection, placeAfter } from "./movedSection.js";
import { finishSection, takeLines } from "./readTranscript.js";
import type { RouteSection, RuleSection, Section, Transcript } from "./section.js";
import { type Draft, initialState } from "./transcriptState.js";

/** The lines of an edit with the line before and the line behind, which belong to the list already: what is read anew. */
interface Window {
  readonly edit: Edit;
  readonly start: number;
  readonly oldEnd: number;
  readonly end: number;
}

type List = RuleSection | RouteSection;

/**
 * The transcript of a text of which an earlier version was read, where it is enough to read the lines that changed: they stand amid a list
 * of rules or routes, and are entries of it before and after. What `readTranscript` would answer; all that did not change is as it was,
 * but for its places. Undefined where the whole text has to be read.
 *
 * @param before the text that `old` was read from.
 */
export function rereadTranscript(old: Transcript, before: string, text: string): Transcript | undefined {
  const edit = findEdit(before, text);
  const window = edit && windowOf(edit, before, text);
  const at = window ? listAt(old, window) : -1;
  const list = old.sections[at];
  if (!edit || !window || !isList(list)) return undefined;
  const fresh = readAmid(old.file, list, text, window);
  const changed = fresh && withEntries(list, fresh, window);
  if (!changed) return undefined;
  const sections: Section[] = [];
  for (const section of old.sections) {
    const next =
      section === list
        ? finishSection(changed, text, old.sections[at - 1] as Draft<Section>)
        : movedSection(section, edit);
    if (!next) return undefined;
    sections.push(next);
  }
  return {
    file: old.file,
    sections,
    problems: old.problems.map((problem) => ({ ...problem, place: placeAfter(problem.place, edit) })),
    remarks: old.remarks.map((span) => (span.start <= edit.oldEnd ? span : movedSpan(span, edit.end - edit.oldEnd))),
  };
}

function windowOf(edit: Edit, before: string, text: string): Window | undefined {
  if (edit.start === 0 || edit.oldEnd + 1 >= before.length) return undefined;
  const next = before.indexOf("\n", edit.oldEnd + 1);
  const oldEnd = next < 0 ? before.length : next;
  const start = edit.start === 1 ? 0 : text.lastIndexOf("\n", edit.start - 2) + 1;
  return { edit, start, oldEnd, end: oldEnd + edit.end - edit.oldEnd };
}

function isList(section: Section | undefined): section is List {
  return section?.kind === "rules" || section?.kind === "routes";
}

/** The entries of a list, in the order of the text. */
function entriesOf(list: List | Draft<List>): readonly { readonly place: Span }[] {
  return list.kind === "rules" ? list.rules : list.routes;
}

/** The position of the only section that has anything in the window; -1 where it is none, or others have, or lines there are no entries. */
function listAt({ sections, problems, remarks }: Transcript, { start, oldEnd }: Window): number {
  const isInside = (span: Span) => span.start <= oldEnd && span.end >= start;
  if (remarks.some(isInside) || problems.some(({ place }) => isInside(place))) return -1;
  const inside = [...sections.keys()].filter((at) => {
    const section = sections[at];
    if (!section || !isInside(section.place)) return false;
    const entries = isList(section) ? entriesOf(section) : undefined;
    return !entries || firstFrom(entries, start) < firstFrom(entries, oldEnd);
  });
  return inside.length === 1 ? (inside[0] ?? -1) : -1;
}

/** Reads the lines of the window as entries of a list: behind its command, which is read again for what it says of them. */
function readAmid(file: string, list: List, text: string, window: Window): Draft<List> | undefined {
  const state = initialState(file, text);
  if (list.command) {
    const { start, end } = list.command.place;
    const lineEnd = text.indexOf("\n", end);
    if (lineEnd < 0 || lineEnd >= window.start) return undefined;
    takeLines(state, { start: text.lastIndexOf("\n", start) + 1, end: lineEnd });
  } else if (text.slice(0, list.place.start).trim() !== "") return undefined;
  const { length } = state.remarks;
  if (state.sections.length > 0) return undefined;
  takeLines(state, window);
  const [only, ...others] = state.sections;
  const isPlain = state.problems.length === 0 && state.remarks.length === length && others.length === 0;
  return isPlain && state.open === only && isList(only as Section) ? (only as Draft<List>) : undefined;
}

/** The list with the entries of the window in place of those it had there, where these begin and end with the same two. */
function withEntries(list: List, fresh: Draft<List>, { edit, start, oldEnd }: Window): Draft<List> | undefined {
  const entries = entriesOf(list);
  const read = entriesOf(fresh);
  const first = firstFrom(entries, start);
  const last = firstFrom(entries, oldEnd) - 1;
  const by = edit.end - edit.oldEnd;
  const isAround =
    read.length > 1 &&
    isSame(entries[first], read[0], 0) &&
    (read[0]?.place.end ?? edit.start) < edit.start &&
    isSame(entries[last], read.at(-1), by) &&
    (entries[last]?.place.start ?? 0) > edit.oldEnd;
  if (!isAround || !sameHead(list, fresh)) return undefined;
  const common = { place: { ...list.place, end: list.place.end + by }, cut: list.cut };
  if (list.kind === "rules" && fresh.kind === "rules") {
    const { rules } = list;
    const behind = rules.slice(last).map((rule) => (by === 0 ? rule : movedRule(rule, by)));
    return { ...fresh, ...common, rules: [...rules.slice(0, first + 1), ...fresh.rules.slice(1, -1), ...behind] };
  }
  if (list.kind === "routes" && fresh.kind === "routes") {
    const { routes } = list;
    const behind = routes.slice(last).map((route) => (by === 0 ? route : movedRoute(route, by)));
    return { ...fresh, ...common, routes: [...routes.slice(0, first + 1), ...fresh.routes.slice(1, -1), ...behind] };
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

/** Whether the window was read with the same premises as the list. */
function sameHead(list: List, fresh: Draft<List>): boolean {
  if (fresh.cut && !list.cut) return false;
  if (list.command?.text !== fresh.command?.text || list.filter !== fresh.filter) return false;
  if (list.kind !== "routes" || fresh.kind !== "routes") return list.kind === fresh.kind;
  return (
    list.family === fresh.family && list.tableMissing === fresh.tableMissing && sameButPlaces(list.table, fresh.table)
  );
}

import type { EventColumns } from "../capture/columns/eventColumns.js";
import type { Problem, Span } from "../text/span.js";
import type { ScannedCapture } from "./captureScanner.js";
import type { OtherEvent } from "./otherEvent.js";

/** What a capture holds beside the events that have a row: where what tells something stands, and how much of it is passed over. */
export interface OtherPlaces {
  /** Places of events, lines that can't be read, and lines that are none: dumps, comments, output of other commands. Ascending. */
  readonly places: readonly Span[];
  /** Problems with more than can be read again as a line: a line of many megabytes, the missing end of the file. */
  readonly unreadable: readonly Problem[];
  /** How much there is beyond what is taken up. */
  readonly left: {
    readonly losses: number;
    readonly events: number;
    readonly problems: number;
    readonly lines: number;
  };
}

/** Taken up at most: of losses, of other events, of unreadable lines, of runs of lines that are no events. */
const most = { losses: 50_000, events: 20_000, problems: 2000, runs: 20_000 } as const;

/** A longer piece can't be one of what is read in events and dumps; it is named by its problem only. */
const longestPiece = 1 << 20;

/** Kinds of events of which nothing but their being there is asked (`monitor/versionTraits`): one of each kind tells it. */
const plain: ReadonlySet<string> = new Set(["capture", "debug", "logRecord", "recorder", "trace-sock"]);

function isPlain(kind: string): boolean {
  return plain.has(kind) || kind.startsWith("agent ");
}

/** Where something stands between the rows and what `known` covers. More than a line end is something. */
function runsBetween(
  { length, start, size }: EventColumns,
  known: readonly Span[],
  begin: number,
  end: number,
): Span[] {
  const runs: Span[] = [];
  let at = begin;
  let next = 0;
  const cover = (from: number, to: number): void => {
    if (from - at > 2) runs.push({ start: at, end: from });
    if (to > at) at = to;
  };
  for (let row = 0; row <= length; row++) {
    const from = row < length ? (start[row] ?? 0) : end;
    for (let span = known[next]; span && span.start < from; span = known[++next]) cover(span.start, span.end);
    cover(from, row < length ? from + (size[row] ?? 0) : end);
  }
  return runs;
}

function isUnreadable({ place }: Problem): boolean {
  return place.end === place.start || place.end - place.start >= longestPiece;
}

/** Spans of which the first so many are kept, and all are counted. */
function firstSpans(most: number) {
  const spans: Span[] = [];
  let count = 0;
  return {
    spans,
    add({ start, end }: Span): void {
      if (count++ < most) spans.push({ start, end });
    },
    left: () => count - spans.length,
  };
}

/** Finds what a capture holds beside its rows, whose parts come one after the other. */
export interface OtherPlacesReader {
  /**
   * Adds a part, whose rows are all that it has.
   *
   * @param begin where in the file it begins, and `end` where it ends
   */
  add(part: Omit<ScannedCapture, "names" | "marks" | "lines">, begin: number, end: number): void;
  finish(): OtherPlaces;
}

/**
 * What is taken of events: losses, verdicts, drops without headers, and of the others one of each kind. The lines that are no events are what
 * remains between rows, events and problems.
 */
export function otherPlacesReader(): OtherPlacesReader {
  const kinds = new Set<string>();
  const losses = firstSpans(most.losses);
  const telling = firstSpans(most.events);
  const unread = firstSpans(most.problems);
  const runs = firstSpans(most.runs);
  const unreadable: Problem[] = [];
  let eventsNotKept = 0;
  let problemsFound = 0;

  function addEvent({ kind, place }: OtherEvent): void {
    if (kind === "lost") losses.add(place);
    else if (!isPlain(kind) || !kinds.has(kind)) {
      telling.add(place);
      kinds.add(kind);
    }
  }

  return {
    add({ columns, others, problems, problemCount, events }, begin, end) {
      for (const event of others) addEvent(event);
      for (const problem of problems) {
        if (isUnreadable(problem)) unreadable.push(problem);
        else unread.add(problem.place);
      }
      const known = [...others.map(({ place }) => place), ...problems.map(({ place }) => place)];
      known.sort((a, b) => a.start - b.start);
      for (const run of runsBetween(columns, known, begin, end)) if (run.end - run.start < longestPiece) runs.add(run);
      // Those that the scan did not keep may be anything.
      eventsNotKept += events - columns.length - others.length;
      problemsFound += problemCount;
    },
    finish: () => ({
      unreadable,
      places: [losses, telling, unread, runs].flatMap(({ spans }) => spans).sort((a, b) => a.start - b.start),
      left: {
        losses: losses.left(),
        events: telling.left() + eventsNotKept,
        problems: Math.max(0, problemsFound - most.problems),
        lines: runs.left(),
      },
    }),
  };
}

/**
 * Finds what a capture holds beside its rows.
 *
 * @param end how long the file is, in bytes
 */
export function otherPlaces(scanned: Omit<ScannedCapture, "names" | "marks" | "lines">, end: number): OtherPlaces {
  const reader = otherPlacesReader();
  reader.add(scanned, 0, end);
  return reader.finish();
}

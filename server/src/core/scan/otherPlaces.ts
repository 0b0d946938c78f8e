import type { EventColumns } from "../capture/columns/eventColumns.js";
import type { MonitorEvent } from "../monitor/event.js";
import type { Problem, Span } from "../text/span.js";
import type { ScannedCapture } from "./captureScanner.js";

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

/** Types of events of which nothing but their being there is asked (`monitor/versionTraits`): one of each kind tells it. */
const plain: ReadonlySet<MonitorEvent["type"]> = new Set([
  "agent",
  "capture",
  "debug",
  "logRecord",
  "recorder",
  "trace-sock",
]);

function kindOf(event: MonitorEvent): string {
  return event.type === "agent" ? `agent ${event.subtype}` : event.type;
}

/** The events that something is made of: losses, verdicts, drops without headers, and of the others one of each kind. */
function tellingEvents(others: readonly MonitorEvent[]): { losses: Span[]; events: Span[] } {
  const kinds = new Set<string>();
  const losses: Span[] = [];
  const events: Span[] = [];
  for (const event of others) {
    if (event.type === "lost") {
      losses.push(event.place);
      continue;
    }
    if (plain.has(event.type)) {
      const kind = kindOf(event);
      if (kinds.has(kind)) continue;
      kinds.add(kind);
    }
    events.push(event.place);
  }
  return { losses, events };
}

/** Where something stands between the rows and what `known` covers. More than a line end is something. */
function runsBetween({ length, start, size }: EventColumns, known: readonly Span[], end: number): Span[] {
  const runs: Span[] = [];
  let at = 0;
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

/**
 * Finds what a capture holds beside its rows. The lines that are no events are what remains between rows, events and problems.
 *
 * @param end how long the file is, in bytes
 */
export function otherPlaces(
  { columns, others, problems, problemCount, events }: ScannedCapture,
  end: number,
): OtherPlaces {
  const telling = tellingEvents(others);
  const unread = problems.filter((problem) => !isUnreadable(problem)).map(({ place }) => place);
  const known = [...others.map(({ place }) => place), ...problems.map(({ place }) => place)];
  const runs = runsBetween(
    columns,
    known.sort((a, b) => a.start - b.start),
    end,
  ).filter((run) => run.end - run.start < longestPiece);
  const taken = [
    telling.losses.slice(0, most.losses),
    telling.events.slice(0, most.events),
    unread.slice(0, most.problems),
    runs.slice(0, most.runs),
  ].flat();
  return {
    unreadable: problems.filter(isUnreadable),
    places: taken.map(({ start, end: to }) => ({ start, end: to })).sort((a, b) => a.start - b.start),
    left: {
      losses: Math.max(0, telling.losses.length - most.losses),
      // Those that the scan did not keep may be anything.
      events: Math.max(0, telling.events.length - most.events) + (events - columns.length - others.length),
      problems: Math.max(0, problemCount - most.problems),
      lines: Math.max(0, runs.length - most.runs),
    },
  };
}

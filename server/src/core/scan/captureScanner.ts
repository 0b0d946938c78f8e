import { type ColumnsBuilder, columnNames, createColumnsBuilder } from "../capture/columnsBuilder.js";
import { columnsOfEvents } from "../capture/columnsOfEvents.js";
import type { EventColumns } from "../capture/eventColumns.js";
import { createNames, type Names } from "../capture/names.js";
import type { MonitorEvent } from "../monitor/event.js";
import { type Capture, readCapture } from "../monitor/readCapture.js";
import type { Problem, Span } from "../text/span.js";
import { byteOffsets } from "./byteOffsets.js";
import { type ByteText, byteText, literal, skipLiteral } from "./cursor.js";
import { eventScanner } from "./eventScanner.js";
import { appendRow } from "./scannedRow.js";

/** What was read from the bytes of a capture, or of a part of one. Places and `start` are byte offsets in the file. */
export interface ScannedCapture {
  readonly columns: EventColumns;
  /** What the numbers in the columns stand for. */
  readonly names: Names;
  /** Events that have no row, as there is no packet in them; the monitor's losses are among them. At most `mostKept`. */
  readonly others: readonly MonitorEvent[];
  /** Lines that should be events and can't be read. At most `mostKept`. */
  readonly problems: readonly Problem[];
  /** How many of them there were. */
  readonly problemCount: number;
  /** How many events there were of all types. */
  readonly events: number;
  /** How many lines there were. */
  readonly lines: number;
  /** Where some lines begin, in ascending order, to find others from. */
  readonly marks: readonly LineMark[];
}

/** A line whose place is known. */
export interface LineMark {
  readonly offset: number;
  /** Number of the line, from 0. */
  readonly line: number;
}

/** Scans the bytes of one capture, a piece after the other. */
export interface CaptureScanner {
  /**
   * Reads whole lines.
   *
   * @param bytes a piece of the file that begins at the start of a line
   * @param offset where in the file it begins
   * @param isLast whether the file, or the part to be read, ends behind it
   * @returns how many of the bytes were used; the rest must come again, with more behind it. All of them if `isLast`.
   */
  read(bytes: Uint8Array, offset: number, isLast: boolean): number;
  /** Tells of bytes that the caller passed over. */
  addProblem(problem: Problem): void;
  finish(): ScannedCapture;
}

/** Events without a row and problems that are kept as values; a file that is all noise must not fill the memory. */
export const mostKept = 100_000;

/** A mark stands so far from the next, unless a longer run of unusual lines lies between. */
const markDistance = 1 << 20;

/** Lines out of the ordinary are read together, as an event may stand on several; so much at a time, unless a single one is longer. */
const runLength = 1 << 20;

const opensByCpu = literal('{"cpu":"');
const opensByType = literal('{"type":"');

/**
 * Whether the line at `at` opens a message of `cilium monitor -j`. No event that began on an earlier line reaches over it (`readCapture`),
 * so a capture can be cut in front of it and its parts be read apart.
 */
export function opensMessage(text: ByteText, at: number): boolean {
  return skipLiteral(text, at, opensByCpu) >= 0 || skipLiteral(text, at, opensByType) >= 0;
}

/** The lines of a piece: `\\n`, `\\r\\n` and a lone `\\r` all end one. */
function countLines(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at];
    if (byte === 0x0a || (byte === 0x0d && bytes[at + 1] !== 0x0a)) count++;
  }
  const last = bytes[to - 1];
  return to > from && last !== 0x0a && last !== 0x0d ? count + 1 : count;
}

/** Behind the end of the line that ends at `at`; -1 if something else stands there. The end of the piece ends a line only if it is the last. */
function behindLine(bytes: Uint8Array, at: number, isLast: boolean): number {
  if (bytes[at] === 0x0a) return at + 1;
  if (bytes[at] === 0x0d && bytes[at + 1] === 0x0a) return at + 2;
  return at === bytes.length && isLast ? at : -1;
}

function appendColumns(builder: ColumnsBuilder, added: EventColumns): void {
  for (let from = 0; from < added.length; from++) {
    const row = builder.addRow();
    for (const name of columnNames) builder.columns[name][row] = added[name][from] ?? 0;
    const rare = added.rare.get(from);
    if (rare) builder.columns.rare.set(row, rare);
  }
}

/**
 * Reads a capture from its bytes. Lines as `cilium monitor -j` usually prints them become rows without a decoded event between; all others
 * go the way of `readCapture`, and give the rows that it gives.
 *
 * @param file the name that places get
 * @param decode turns bytes into text as UTF-8, replacing what is malformed
 * @param events one that was used before, to go on with its names
 * @param capacity rows to make room for at once
 */
export function captureScanner(
  file: string,
  decode: (bytes: Uint8Array) => string,
  { names, row, scan } = eventScanner(createNames()),
  capacity = 4096,
): CaptureScanner {
  const builder = createColumnsBuilder(capacity);
  const marks: LineMark[] = [];
  const others: MonitorEvent[] = [];
  const problems: Problem[] = [];
  let problemCount = 0;
  let events = 0;
  let lines = 0;
  let nextMark = 0;

  function addProblem(problem: Problem): void {
    problemCount++;
    if (problems.length < mostKept) problems.push(problem);
  }

  /** Takes up what stands before `limit`, a position in the text. */
  function keep(capture: Capture, text: string, bytes: Uint8Array, offset: number, limit: number): void {
    const spans: Span[] = [
      ...capture.events.filter(({ place }) => place.start < limit).map(({ place }) => place),
      ...capture.problems.filter(({ place }) => place.start < limit).map(({ place }) => place),
    ].sort((a, b) => a.start - b.start);
    const toByte = byteOffsets(bytes, text);
    const starts = new Map(spans.map((span) => [span, offset + toByte(span.start)]));
    const toEnd = byteOffsets(bytes, text);
    const ends = new Map([...spans].sort((a, b) => a.end - b.end).map((span) => [span, offset + toEnd(span.end)]));
    const moved = (place: Span) => ({ file, start: starts.get(place) ?? offset, end: ends.get(place) ?? offset });

    for (const problem of capture.problems) {
      if (problem.place.start < limit) addProblem({ ...problem, place: moved(problem.place) });
    }
    const kept = capture.events
      .filter(({ place }) => place.start < limit)
      .map((event) => ({ ...event, place: moved(event.place) }));
    events += kept.length;
    if (kept.some((event) => event.type === "lost" || hasRow(event))) addRows(kept);
    for (const event of kept) if (!hasRow(event) && others.length < mostKept) others.push(event);
  }

  function addRows(kept: readonly MonitorEvent[]): void {
    const columns = columnsOfEvents(kept, names);
    for (const loss of columns.losses) {
      builder.columns.losses.push({ ...loss, row: loss.row + builder.columns.length });
    }
    appendColumns(builder, columns);
  }

  /** Reads lines out of the ordinary. Answers how many of their bytes were used: of a run that goes on, the last item is left. */
  function readRun(bytes: Uint8Array, offset: number, goesOn: boolean): number {
    const text = decode(bytes);
    const capture = readCapture(file, text);
    let limit = text.length;
    if (goesOn) {
      const starts = [...capture.events, ...capture.problems.map(({ place }) => ({ place }))].map(
        ({ place }) => place.start,
      );
      const last = Math.max(
        ...[starts, capture.remarks.map(({ start }) => start)].map((each) => each.reduce((a, b) => Math.max(a, b), 0)),
      );
      limit = Math.max(text.lastIndexOf("\n", last), text.lastIndexOf("\r", last)) + 1;
      if (limit === 0) return 0;
    }
    const used = limit === text.length ? bytes.length : byteOffsets(bytes, text)(limit);
    keep(capture, text, bytes, offset, limit);
    lines += countLines(bytes, 0, used);
    return used;
  }

  function read(bytes: Uint8Array, offset: number, isLast: boolean): number {
    const text = byteText(bytes);
    let at = 0;
    /** Where the lines out of the ordinary begin that stand before `at`. */
    let run = 0;
    while (at < bytes.length) {
      if (run === at && offset + at >= nextMark) {
        marks.push({ offset: offset + at, line: lines });
        nextMark = offset + at + markDistance;
      }
      const end = scan(text, at);
      const next = end < 0 ? -1 : behindLine(bytes, end, isLast);
      if (next >= 0) {
        if (run < at) readRun(bytes.subarray(run, at), offset + run, false);
        row.start = offset + at;
        row.size = end - at;
        appendRow(builder, row);
        events++;
        lines++;
        at = next;
        run = at;
        continue;
      }
      const newline = bytes.indexOf(0x0a, at);
      if (newline < 0) break;
      // What comes before a message can't go on behind it.
      if (run < at && opensMessage(text, at)) {
        readRun(bytes.subarray(run, at), offset + run, false);
        run = at;
      }
      at = newline + 1;
      if (at - run > runLength) run += readRun(bytes.subarray(run, at), offset + run, true);
    }
    if (!isLast) return run;
    if (run < bytes.length) readRun(bytes.subarray(run), offset + run, false);
    return bytes.length;
  }

  return {
    read,
    addProblem,
    finish: () => ({ columns: builder.finish(), names, others, problems, problemCount, events, lines, marks }),
  };
}

function hasRow(event: MonitorEvent): boolean {
  return (event.type === "trace" || event.type === "drop") && event.headers?.ip !== undefined;
}

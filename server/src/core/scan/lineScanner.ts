import { createColumnsBuilder } from "../capture/columns/columnsBuilder.js";
import type { EventColumns } from "../capture/columns/eventColumns.js";
import type { Problem } from "../text/span.js";
import type { LineMark } from "./captureScanner.js";
import type { EventScanner } from "./eventScanner.js";
import { createNoticesBuilder, type Notices } from "./notices.js";

/** Lines next to each other that are no usual events. */
export interface LineRun {
  /** Where in the file the first of them begins. */
  readonly offset: number;
  /** How many bytes they have. */
  readonly size: number;
  /** How many rows come before them. */
  readonly row: number;
}

/** Lines that were passed over, and are still to be read. */
export interface UnreadLines {
  readonly runs: readonly LineRun[];
  /** The bytes of all runs, one behind the other. */
  readonly bytes: Uint8Array;
}

/** What the usual lines of a capture hold, and the others as they are. Places and `start` are byte offsets in the file. */
export interface ScannedLines {
  /** A row for each usual line of a packet. */
  readonly columns: EventColumns;
  /** The other usual lines. */
  readonly notices: Notices;
  readonly unread: UnreadLines;
  /** What the caller told of. */
  readonly problems: readonly Problem[];
  /** How many lines there were, of both kinds. */
  readonly lines: number;
  /** Where some lines begin, in ascending order. */
  readonly marks: readonly LineMark[];
}

/** Scans the bytes of one capture, a piece after the other. */
export interface LineScanner {
  /** The memory that pieces are to be put in, so much of it; what it holds stays. The view is valid until it is asked for again. */
  room(size: number): Uint8Array;
  /**
   * Reads whole lines of a piece, which begins at the start of a line.
   *
   * @param length how many bytes were put in the memory
   * @param offset where in the file they begin
   * @param isLast whether the file, or the part to be read, ends behind them
   * @returns how many of the bytes were used; the rest must come again, with more behind it. All of them if `isLast`.
   */
  read(length: number, offset: number, isLast: boolean): number;
  /** Tells of bytes that the caller passed over. */
  addProblem(problem: Problem): void;
  finish(): ScannedLines;
}

/** A mark stands at least so far from the next. */
const markDistance = 1 << 19;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** How many lines end in some bytes: `\n`, `\r\n` and a lone `\r` all end one, and so does the end of the bytes. */
function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(carriageReturn); at >= 0; at = bytes.indexOf(carriageReturn, at + 1)) {
    if (bytes[at + 1] !== lineFeed) count++;
  }
  return bytes.at(-1) === carriageReturn ? count : count + 1;
}

/** Bytes that grow at their end. */
function growingBytes() {
  let bytes = new Uint8Array(1 << 12);
  let length = 0;
  return {
    add(added: Uint8Array): void {
      if (length + added.length > bytes.length) {
        const larger = new Uint8Array(Math.max(2 * bytes.length, length + added.length));
        larger.set(bytes.subarray(0, length));
        bytes = larger;
      }
      bytes.set(added, length);
      length += added.length;
    },
    finish: () => bytes.subarray(0, length),
  };
}

/**
 * Reads the lines that `cilium monitor -j` usually prints, and puts the others aside.
 *
 * @param usual reads the usual lines; one that was used before goes on with its names
 * @param builder takes up the rows
 */
export function lineScanner(usual: EventScanner, builder = createColumnsBuilder(4096)): LineScanner {
  usual.clear();
  const notices = createNoticesBuilder();
  const runs: { offset: number; size: number; row: number }[] = [];
  const passedOver = growingBytes();
  const problems: Problem[] = [];
  const marks: LineMark[] = [];
  let rows = 0;
  let lines = 0;
  let nextMark = 0;

  function passOver(line: Uint8Array, offset: number): void {
    const last = runs.at(-1);
    if (last && last.offset + last.size === offset) last.size += line.length;
    else runs.push({ offset, size: line.length, row: rows });
    passedOver.add(line);
    lines += countLines(line);
  }

  function read(length: number, offset: number, isLast: boolean): number {
    const bytes = usual.room(length);
    let at = 0;
    while (at < length) {
      if (offset + at >= nextMark) {
        marks.push({ offset: offset + at, line: lines });
        nextMark = offset + at + markDistance;
      }
      const { rows: rowsBefore, notices: noticesBefore } = usual;
      const next = usual.scan(at, length, isLast, offset + at);
      if (next > at) {
        rows += usual.rows - rowsBefore;
        lines += usual.rows - rowsBefore + usual.notices - noticesBefore;
        at = next;
        if (usual.isFull) usual.move(builder, notices);
        continue;
      }
      const newline = bytes.indexOf(lineFeed, at);
      if (newline < 0 && !isLast) break;
      const end = newline < 0 ? length : newline + 1;
      passOver(bytes.subarray(at, end), offset + at);
      at = end;
    }
    return at;
  }

  return {
    room: usual.room,
    read,
    addProblem: (problem) => problems.push(problem),
    finish() {
      usual.move(builder, notices);
      const unread = { runs, bytes: passedOver.finish() };
      return { columns: builder.finish(), notices: notices.finish(), unread, problems, lines, marks };
    },
  };
}

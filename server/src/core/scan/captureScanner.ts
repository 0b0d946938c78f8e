import type { ColumnsBuilder } from "../capture/columns/columnsBuilder.js";
import type { EventColumns } from "../capture/columns/eventColumns.js";
import type { Names } from "../capture/columns/names.js";
import type { Problem } from "../text/span.js";
import type { EventScanner } from "./eventScanner.js";
import { type LineScanner, lineScanner } from "./lineScanner.js";
import { finishScan } from "./mergeScans.js";
import type { OtherEvent } from "./otherEvent.js";

/** What was read from the bytes of a capture, or of a part of one. Places and `start` are byte offsets in the file. */
export interface ScannedCapture {
  readonly columns: EventColumns;
  /** What the numbers in the columns stand for. */
  readonly names: Names;
  /** Events that have no row, as there is no packet in them; the monitor's losses are among them. At most `mostKept`. */
  readonly others: readonly OtherEvent[];
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
export interface CaptureScanner extends Omit<LineScanner, "finish"> {
  finish(): ScannedCapture;
}

/**
 * Reads a capture from its bytes. Lines as `cilium monitor -j` usually prints them become rows without a decoded event between; all others
 * go the way of `readCapture`, and give the rows that it gives.
 *
 * @param file the name that places get
 * @param decode turns bytes into text as UTF-8, replacing what is malformed
 * @param usual reads the usual lines; one that was used before goes on with its names
 * @param builder takes up the rows of usual lines
 */
export function captureScanner(
  file: string,
  decode: (bytes: Uint8Array) => string,
  usual: EventScanner,
  builder?: ColumnsBuilder,
): CaptureScanner {
  const { room, read, addProblem, finish } = lineScanner(usual, builder);
  return { room, read, addProblem, finish: () => finishScan(finish(), usual.names, { file, decode }) };
}

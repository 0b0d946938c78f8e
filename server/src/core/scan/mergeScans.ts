import { createNames, type Names } from "../capture/columns/names.js";
import type { ScannedCapture } from "./captureScanner.js";
import type { ScannedLines } from "./lineScanner.js";
import type { TextSource } from "./otherLines.js";
import { scanMerger } from "./scanMerger.js";

/** By whom a part of a capture was scanned. */
export interface PartNames {
  /** Number of the scanner, from 0. A scanner that reads several parts has one table of names for them. */
  readonly scanner: number;
  /** The names that its table got since its last part, in the order of their indexes. */
  readonly newNames: readonly string[];
}

/** One part of a capture. All of it can be sent between threads. */
export interface ScannedPart extends Omit<ScannedCapture, "names">, PartNames {}

/** One part of which only the usual lines are read. */
export interface PartLines extends ScannedLines, PartNames {}

/**
 * Puts the parts of a capture together, in the order of the file.
 *
 * @param names the table that the result's columns use
 */
export function mergeScans(parts: readonly ScannedPart[], names: Names = createNames()): ScannedCapture {
  const merger = scanMerger(
    names,
    parts.reduce((sum, { columns }) => sum + columns.length, 0),
  );
  for (const part of parts) merger.add(part);
  return merger.finish();
}

/** Reads what is unread of a whole capture, or of a part, whose columns use a table of names. */
export function finishScan(scanned: ScannedLines, names: Names, source: TextSource): ScannedCapture {
  const merger = scanMerger(names, scanned.columns.length);
  merger.addLines({ ...scanned, scanner: 0, newNames: [] }, source);
  return merger.finish();
}

import { closeSync, openSync, readSync } from "node:fs";
import { joinColumns } from "../../core/capture/joinColumns.js";
import type { FileState, IndexedCapture } from "../../core/large/indexedCapture.js";
import { mayFollowPoints } from "../../core/path/mayFollowPoints.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { composeExcerpt, type Excerpt } from "../../core/scan/excerpt.js";
import { nodeEvidence } from "../../core/scan/nodeEvidence.js";
import { conversationTable } from "../../core/scan/packetClasses.js";
import { placeOfRow, rowsOf } from "../../core/scan/packetSelection.js";
import type { Span } from "../../core/text/span.js";
import { type CapturedIndex, fileKey, keepIndex, readIndex } from "./captureCache.js";
import { fileState } from "./fileState.js";
import { type ScanOptions, scanFile } from "./scanFile.js";

export interface OpenCaptureOptions extends ScanOptions {
  /** Where the index is kept for the next time; absent, it is not kept. */
  readonly cacheFolder?: string;
  /** Told why the index could not be kept. */
  readonly onCacheProblem?: (message: string) => void;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Opens the file of an index to read its lines from. */
export function captureOf(
  path: string,
  file: string,
  { scanned, joined }: CapturedIndex,
  state: FileState,
): IndexedCapture {
  const { columns, marks } = scanned;
  const descriptor = openSync(path, "r");
  let isOpen = true;

  function readBytes(start: number, end: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, end - start));
    try {
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, start));
    } catch {
      return bytes.subarray(0, 0);
    }
  }

  function excerpt(packets: Iterable<number>, others: Iterable<Span> = []): Excerpt {
    const places = rowsOf(packets, joined).map((row) => placeOfRow(columns, row));
    return composeExcerpt(file, [...places, ...others], ({ start, end }) => decoder.decode(readBytes(start, end)));
  }

  function lineAt(offset: number): { readonly line: number; readonly column: number } {
    let low = 0;
    let high = marks.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle;
    }
    const mark = marks[low] ?? { offset: 0, line: 0 };
    const bytes = readBytes(mark.offset, offset);
    let { line } = mark;
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== 0x0a && (byte !== 0x0d || bytes[at + 1] === 0x0a)) continue;
      line++;
      start = at + 1;
    }
    return { line, column: decoder.decode(bytes.subarray(start)).length };
  }

  return {
    file,
    scanned,
    joined,
    conversations: conversationTable(joined),
    evidence: nodeEvidence(columns),
    state,
    excerpt,
    lineAt,
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

/** Joins what was scanned. */
export function joinScan(scanned: ScannedCapture): CapturedIndex {
  return { scanned, joined: joinColumns(scanned.columns, mayFollowPoints) };
}

/** Joins what was scanned of a file, all of it or its beginning, and opens the file to read its lines from. */
export function indexCapture(path: string, file: string, scanned: ScannedCapture): IndexedCapture {
  return captureOf(path, file, joinScan(scanned), fileState(path));
}

/**
 * Opens a capture: takes the index that was kept of it, or scans and joins it.
 *
 * @throws what opening and reading the file throws; the signal's reason, if it is aborted
 */
export async function openCapture(path: string, options: OpenCaptureOptions = {}): Promise<IndexedCapture> {
  const { file = path, cacheFolder } = options;
  const state = fileState(path);
  const key = cacheFolder === undefined ? "" : fileKey(path);
  const kept = cacheFolder === undefined ? undefined : readIndex(cacheFolder, path, key);
  if (kept) return captureOf(path, file, kept, state);
  const index = joinScan(await scanFile(path, options));
  if (cacheFolder !== undefined) {
    try {
      keepIndex(cacheFolder, path, key, index);
    } catch (error) {
      options.onCacheProblem?.(
        `the index could not be kept: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return captureOf(path, file, index, state);
}

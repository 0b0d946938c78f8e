import { closeSync, openSync, readSync } from "node:fs";
import { joinColumns } from "../../core/capture/joining/joinColumns.js";
import type { FileState, IndexedCapture } from "../../core/large/indexedCapture.js";
import { mayFollowPoints } from "../../core/path/mayFollowPoints.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { conversationTable } from "../../core/scan/conversationTable.js";
import { composeExcerpt, type Excerpt } from "../../core/scan/excerpt.js";
import { nodeEvidence } from "../../core/scan/nodeEvidence.js";
import { otherPlaces } from "../../core/scan/otherPlaces.js";
import { placeOfRow, rowsOf } from "../../core/scan/packetSelection.js";
import type { Span } from "../../core/text/span.js";
import { classStore, fileKey, keepIndex, readIndex } from "./captureCache.js";
import { fileState } from "./fileState.js";
import type { CaptureIndex } from "./keptIndex.js";
import { lastMessageStart } from "./lastMessageStart.js";
import { lineFinder } from "./lineFinder.js";
import { defaultMemoryBudget, readableBytes } from "./memoryBudget.js";
import { pieceReader } from "./pieceReader.js";
import { type ScanOptions, scanFile } from "./scanFile.js";

export interface OpenCaptureOptions extends ScanOptions {
  /** Memory that the capture may take, in bytes. Of one that needs more, only the beginning is read, and `unread` says so. */
  readonly memory?: number;
  /** Where the index is kept for the next time; absent, it is not kept. */
  readonly cacheFolder?: string;
  /** Told why the index could not be kept. */
  readonly onCacheProblem?: (message: string) => void;
}

/** A capture in a file. */
export interface OpenedCapture extends IndexedCapture {
  readonly state: FileState;
  /** Settles when its index is kept, or could not be. */
  readonly kept: Promise<void>;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Opens the file of an index to read its lines from. */
function captureOf(
  path: string,
  file: string,
  index: CaptureIndex,
  state: FileState,
  { kept = Promise.resolve(), onClose = () => {} }: { kept?: Promise<void>; onClose?: () => void } = {},
): OpenedCapture {
  const { scanned, joined } = index;
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
    const pieces = [...places, ...others].sort((a, b) => a.start - b.start);
    const read = pieceReader(pieces, readBytes);
    return composeExcerpt(file, pieces, (piece) => decoder.decode(read(piece)));
  }

  return {
    ...index,
    file,
    state,
    kept,
    excerpt,
    lineAt: lineFinder(marks, readBytes),
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
      onClose();
    },
  };
}

/** Works out all that is to be known of what was scanned. */
function indexScan(scanned: ScannedCapture, size: number): CaptureIndex {
  const joined = joinColumns(scanned.columns, mayFollowPoints);
  return {
    scanned,
    joined,
    conversations: conversationTable(joined),
    evidence: nodeEvidence(scanned.columns),
    others: otherPlaces(scanned, size),
  };
}

/**
 * Indexes what was scanned of a file, all of it or its beginning, and opens the file to read its lines from.
 *
 * @param end where what was scanned ends; the size of the file, if not given
 */
export function indexCapture(path: string, file: string, scanned: ScannedCapture, end?: number): OpenedCapture {
  const state = fileState(path);
  return captureOf(path, file, indexScan(scanned, end ?? state.size), state);
}

/** Where reading must end for want of memory, before the end of the file. */
function readingEnd(path: string, size: number, memory: number): number | undefined {
  const most = readableBytes(path, size, memory);
  return most === undefined ? undefined : lastMessageStart(path, most);
}

/** What is not read of a file, in words. */
function unreadWords(
  file: string,
  { events, lines }: ScannedCapture,
  end: number,
  size: number,
  memory: number,
): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return (
    `${name} was read up to line ${lines} (${events} events, ${megabytes(end)} of ${megabytes(size)}): ` +
    `more does not fit into the memory budget of ${megabytes(memory)}. Nothing is known of the rest. ` +
    "The setting packetwalk.memoryBudget and the option --memory give it more."
  );
}

/**
 * Opens a capture: takes the index that was kept of it, or scans and joins it.
 *
 * @throws what opening and reading the file throws; the signal's reason, if it is aborted
 */
export async function openCapture(path: string, options: OpenCaptureOptions = {}): Promise<OpenedCapture> {
  const { file = path, cacheFolder: folder, memory = defaultMemoryBudget(), onCacheProblem } = options;
  const state = fileState(path);
  const to = readingEnd(path, state.size, memory);
  const end = to ?? state.size;
  const withLimits = (capture: OpenedCapture): OpenedCapture =>
    to === undefined ? capture : { ...capture, unread: [unreadWords(file, capture.scanned, to, state.size, memory)] };
  const scan = async () => indexScan(await scanFile(path, { ...options, ...(to !== undefined && { to }) }), end);
  if (folder === undefined) return withLimits(captureOf(path, file, await scan(), state));
  const key = `${fileKey(path)} ${end}`;
  const store = { classStore: classStore(folder, path, key) };
  const known = readIndex(folder, path, key);
  if (known)
    return withLimits({ ...captureOf(path, file, known.index, state, { onClose: known.file.close }), ...store });
  const index = await scan();
  const kept = keepIndex(folder, path, key, index).catch((error: Error) =>
    onCacheProblem?.(`the index could not be kept: ${error.message}`),
  );
  return withLimits({ ...captureOf(path, file, index, state, { kept }), ...store });
}

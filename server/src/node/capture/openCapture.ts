import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnsJoiner, joinColumns } from "../../core/capture/joining/joinColumns.js";
import type { JoinedColumns } from "../../core/capture/joining/joinedColumns.js";
import type { FileState, IndexedCapture } from "../../core/large/indexedCapture.js";
import { mayFollowPoints } from "../../core/path/mayFollowPoints.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { lossPlaces, wholeSegment } from "../../core/scan/captureSegment.js";
import { conversationTable } from "../../core/scan/conversationTable.js";
import { composeExcerpt, type Excerpt } from "../../core/scan/excerpt.js";
import { nodeEvidence } from "../../core/scan/nodeEvidence.js";
import { type OtherPlaces, otherPlaces } from "../../core/scan/otherPlaces.js";
import { placesOf } from "../../core/scan/packetSelection.js";
import type { Span } from "../../core/text/span.js";
import { classStore, fileKey, keepIndex, readGrownIndex, readIndex, writeIndex } from "./captureCache.js";
import { fileState } from "./fileState.js";
import type { CaptureIndex } from "./keptIndex.js";
import { lineFinder } from "./lineFinder.js";
import { defaultMemoryBudget, estimateLines, portionRows, readableBytes } from "./memoryBudget.js";
import { pieceEnd } from "./pieceEnd.js";
import { pieceReader } from "./pieceReader.js";
import { scanAppended } from "./scanAppended.js";
import { type ScanOptions, scanFile } from "./scanFile.js";
import { writeSegmented } from "./segmentedCapture.js";
import { UnwritableIndex } from "./unwritableIndex.js";

export interface OpenCaptureOptions extends ScanOptions {
  /**
   * Memory that the capture may take, in bytes. The index of one that needs more is kept on disk and read in segments; where it can't be, only the
   * beginning of the capture is read, and `unread` says so.
   */
  readonly memory?: number;
  /** Where the index is kept for the next time; absent, it is not kept, and one that does not fit into memory is in a temporary folder. */
  readonly cacheFolder?: string;
  /** How many rows of a capture that does not fit into memory are read at once; by default as many as memory allows. */
  readonly portionRows?: number;
  /** Told why the index could not be kept. */
  readonly onCacheProblem?: (message: string) => void;
}

/** A capture in a file. */
export interface OpenedCapture extends IndexedCapture {
  readonly state: FileState;
  readonly others: OtherPlaces;
  /** Settles when its index is kept, or could not be. */
  readonly kept: Promise<void>;
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What else belongs to an index that is opened. */
interface Opening {
  readonly kept?: Promise<void>;
  readonly onClose?: () => void;
  /** The file, if it is open already. */
  readonly descriptor?: number;
}

/** Opens the file of an index to read its lines from. */
function captureOf(
  path: string,
  file: string,
  index: CaptureIndex,
  state: FileState,
  { kept = Promise.resolve(), onClose = () => {}, descriptor = openSync(path, "r") }: Opening = {},
): OpenedCapture {
  const { scanned, segments } = index;
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
    const pieces = [...placesOf(packets, segments), ...others].sort((a, b) => a.start - b.start);
    const read = pieceReader(pieces, readBytes);
    return composeExcerpt(file, pieces, (piece) => decoder.decode(read(piece)));
  }

  return {
    ...index,
    file,
    state,
    kept,
    excerpt,
    lineAt: lineFinder(scanned.marks, readBytes),
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(descriptor);
      onClose();
    },
  };
}

/** Works out all that is to be known of what was scanned. */
function indexScan(scanned: ScannedCapture, size: number, joined: JoinedColumns): CaptureIndex {
  const { columns, ...beside } = scanned;
  return {
    scanned: beside,
    segments: wholeSegment(columns, joined),
    joined,
    losses: lossPlaces(columns),
    conversations: conversationTable(joined),
    evidence: nodeEvidence(columns),
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
  return captureOf(
    path,
    file,
    indexScan(scanned, end ?? state.size, joinColumns(scanned.columns, mayFollowPoints)),
    state,
  );
}

/** Where reading must end for want of memory, before the end of the file. */
function readingEnd(path: string, size: number, memory: number): number | undefined {
  const most = readableBytes(path, size, memory);
  return most === undefined ? undefined : pieceEnd(path, 0, most, size);
}

/** What is not read of a file, and why, in words. */
function unreadWords(
  file: string,
  { events, lines }: Pick<ScannedCapture, "events" | "lines">,
  [end, size, memory]: readonly [number, number, number],
  why: string,
): string {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  return (
    `${name} was read up to line ${lines} (${events} events, ${megabytes(end)} of ${megabytes(size)}): more does not fit into the memory ` +
    `budget of ${megabytes(memory)}, and its index can't be written to disk (${why}). Nothing is known of the rest. ` +
    "Free some space, or give it more memory: the setting packetwalk.memoryBudget, the option --memory."
  );
}

/** Scans and joins a capture that fits into memory, or its beginning. */
async function readIntoMemory(path: string, options: OpenCaptureOptions, end: number): Promise<CaptureIndex> {
  const joiner = columnsJoiner(mayFollowPoints);
  const scanned = await scanFile(path, { ...options, to: end, onRows: joiner.add });
  return indexScan(scanned, end, joiner.finish(scanned.columns));
}

function temporaryFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "packetwalk-"));
  } catch (error) {
    throw new UnwritableIndex(error instanceof Error ? error.message : String(error));
  }
}

/** Opens a capture by its index on disk, which is written first. */
async function openSegmented(
  path: string,
  options: OpenCaptureOptions,
  state: FileState,
  key: string,
  memory: number,
): Promise<OpenedCapture> {
  const { file = path, cacheFolder } = options;
  const descriptor = openSync(path, "r");
  let folder = cacheFolder;
  const onClose = (): void => {
    if (cacheFolder === undefined && folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    folder ??= temporaryFolder();
    const rows = options.portionRows ?? portionRows(memory);
    const pieceSize = Math.ceil((state.size * rows) / Math.max(1, estimateLines(path, state.size)));
    const index = await writeIndex(folder, path, key, (startWriter) =>
      writeSegmented({ path, descriptor, size: state.size, pieceSize, pieceRows: rows }, options, startWriter),
    );
    const close = (): void => {
      index.file.close();
      onClose();
    };
    return captureOf(path, file, index.index(memory), state, { descriptor, onClose: close });
  } catch (error) {
    closeSync(descriptor);
    onClose();
    throw error;
  }
}

/** Opens the beginning of a capture of which there is no room for more. */
async function openBeginning(
  path: string,
  options: OpenCaptureOptions,
  state: FileState,
  memory: number,
  why: string,
): Promise<OpenedCapture> {
  const { file = path } = options;
  const end = readingEnd(path, state.size, memory) ?? state.size;
  const capture = captureOf(path, file, await readIntoMemory(path, options, end), state);
  return { ...capture, unread: [unreadWords(file, capture.scanned, [end, state.size, memory], why)] };
}

/** Goes on from the index that was kept of a capture before its file grew; `undefined` where there is none. */
async function readGrown(
  path: string,
  options: OpenCaptureOptions,
  size: number,
  memory: number,
): Promise<CaptureIndex | undefined> {
  const { file = path, cacheFolder } = options;
  const known = cacheFolder === undefined ? undefined : readGrownIndex(cacheFolder, path, memory);
  if (!known) return undefined;
  const before = captureOf(path, file, known.index, fileState(path), { onClose: known.file.close });
  try {
    const scanned = await scanAppended(path, before, known.size, { ...options, to: size });
    return scanned && indexScan(scanned, size, joinColumns(scanned.columns, mayFollowPoints));
  } finally {
    before.close();
  }
}

/**
 * Opens a capture: takes the index that was kept of it, or scans and joins it.
 *
 * @throws what opening and reading the file throws; the signal's reason, if it is aborted
 */
export async function openCapture(path: string, options: OpenCaptureOptions = {}): Promise<OpenedCapture> {
  const { file = path, cacheFolder: folder, memory = defaultMemoryBudget(), onCacheProblem } = options;
  const state = fileState(path);
  const key = fileKey(path);
  const store = folder === undefined ? {} : { classStore: classStore(folder, path, key) };
  const known = folder === undefined ? undefined : readIndex(folder, path, key, memory);
  if (known) return { ...captureOf(path, file, known.index, state, { onClose: known.file.close }), ...store };
  if (readableBytes(path, state.size, memory) !== undefined) {
    try {
      return { ...(await openSegmented(path, options, state, key, memory)), ...store };
    } catch (error) {
      if (!(error instanceof UnwritableIndex)) throw error;
      onCacheProblem?.(`the index could not be kept: ${error.message}`);
      return openBeginning(path, options, state, memory, error.message);
    }
  }
  const index =
    (await readGrown(path, options, state.size, memory)) ?? (await readIntoMemory(path, options, state.size));
  if (folder === undefined) return captureOf(path, file, index, state);
  const kept = keepIndex(folder, path, key, index).catch((error: Error) =>
    onCacheProblem?.(`the index could not be kept: ${error.message}`),
  );
  return { ...captureOf(path, file, index, state, { kept }), ...store };
}

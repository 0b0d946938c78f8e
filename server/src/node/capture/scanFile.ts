import { closeSync, fstatSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { EventColumns } from "../../core/capture/columns/eventColumns.js";
import { createNames, type Names } from "../../core/capture/columns/names.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import type { ScannedLines } from "../../core/scan/lineScanner.js";
import { finishScan, type PartLines, type PartNames, type ScannedPart } from "../../core/scan/mergeScans.js";
import type { TextSource } from "../../core/scan/otherLines.js";
import { type ScanMerger, scanMerger } from "../../core/scan/scanMerger.js";
import { compiledScanner } from "../../scanner/compiledScanner.js";
import { namesSince } from "./namesSince.js";
import { scanPart } from "./scanPart.js";
import { type ScanThread, scanByThreads, startScanThread } from "./scanThreads.js";
import { countParts, type PartRange, partLength, shareParts } from "./sharedParts.js";
import { textSource } from "./textSource.js";

export interface ScanOptions {
  /** Threads that read; by default one for each processor and each 64 MB, at most eight. */
  readonly workers?: number;
  /** Called with the bytes read so far and the bytes there are. */
  readonly onProgress?: (read: number, size: number) => void;
  /** Called with what the beginning of the file holds, before the rest is read; not for small ones. */
  readonly onFirst?: (first: ScannedCapture) => void;
  /**
   * Called with the rows so far, in the order of the file, whenever there are more of them; not for small files. So that something can be
   * made of them while the rest is read.
   */
  readonly onRows?: (columns: EventColumns) => void;
  readonly signal?: AbortSignal;
  /** The name that places get; the path, if not given. */
  readonly file?: string;
  /** The table that the columns' names are added to; a new one, if not given. */
  readonly names?: Names;
  /** Where to begin; a line must begin there. */
  readonly from?: number;
  /** Where to stop before the end of the file; a line must begin there. */
  readonly to?: number;
}

/** The first part of larger ones: enough for a first screen of packets. */
const firstLength = 1 << 20;

/** For so many bytes each, another thread is worth its start. */
const threadLength = 64 << 20;

/** The share of unread lines with which this thread leaves the scan to workers: it would do nothing else for too long. */
const mostUnread = 1 / 16;

/** More rows than the first part lets expect are made room for. */
const spareRows = 1.2;

/** Called with the memory of a part's columns when they are no longer needed. */
type ReleaseMemory = (memory: ArrayBuffer) => void;

interface WaitingPart {
  readonly scanned: ScannedPart | PartLines;
  readonly release: ReleaseMemory;
}

/** So many parts may wait for an earlier one before this thread scans no more of them. */
const mostWaiting = 8;

/** Puts parts together that come in any order. */
function orderedMerger(merger: ScanMerger, source: TextSource) {
  const waiting = new Map<number, WaitingPart>();
  let due = 0;
  return {
    isAhead: () => waiting.size >= mostWaiting,
    add(part: number, scanned: ScannedPart | PartLines, release: ReleaseMemory): void {
      waiting.set(part, { scanned, release });
      for (let next = waiting.get(due); next; next = waiting.get(due)) {
        if ("unread" in next.scanned) merger.addLines(next.scanned, source);
        else merger.add(next.scanned);
        next.release(next.scanned.columns.start.buffer as ArrayBuffer);
        waiting.delete(due++);
      }
    },
  };
}

/**
 * Scans the capture in a file, large ones by several threads.
 *
 * @throws what opening and reading the file throws; the signal's reason, if it is aborted
 */
export async function scanFile(path: string, options: ScanOptions = {}): Promise<ScannedCapture> {
  const { signal, onProgress = () => {}, onFirst, onRows, file = path, from: begin = 0 } = options;
  signal?.throwIfAborted();
  const descriptor = openSync(path, "r");
  const threads: ScanThread[] = [];
  try {
    const size = Math.min(fstatSync(descriptor).size, options.to ?? Number.POSITIVE_INFINITY);
    const isSmall = size - begin <= partLength;
    const headEnd = isSmall ? Math.max(begin, size) : begin + firstLength;
    const parts = shareParts(headEnd, size);
    const most = Math.min(availableParallelism(), 8, Math.ceil((size - begin) / threadLength));
    const wanted = Math.min(options.workers ?? most, countParts(parts));
    const addThread = (): unknown => threads.push(startScanThread({ path, file, size, parts }));
    while (threads.length < wanted - 1) addThread();
    const { names = createNames() } = options;
    const scanner = compiledScanner(names);
    const source = textSource(file);
    let told = 0;
    let read = begin;

    /** Of this thread's scanner, whose names are those of the result. */
    function ownNames(): PartNames {
      const newNames = namesSince(names, told);
      told = names.size;
      return { scanner: 0, newNames };
    }

    function advance(bytes: number): void {
      read += bytes;
      onProgress(Math.min(read, size), size);
      signal?.throwIfAborted();
    }
    function scanHere(from: number, to: number, memory?: ArrayBuffer): ScannedLines {
      return scanPart(
        { from, to, descriptor, file, size, isFirst: from === begin },
        scanner,
        () => signal?.throwIfAborted(),
        memory,
      );
    }

    const head = scanHere(begin, headEnd);
    const first = finishScan(head, names, source);
    advance(headEnd - begin);
    if (isSmall) return first;
    onFirst?.(first);

    const rows = Math.ceil((head.columns.length / firstLength) * (size - begin) * spareRows);
    const merger = scanMerger(names, rows);
    merger.add({ ...first, ...ownNames() });
    const ordered = orderedMerger(merger, source);
    /** Memory of this thread for the columns of parts. */
    const spare: ArrayBuffer[] = [];
    const take = ({ part, from, to }: PartRange, scanned: ScannedPart | PartLines, release: ReleaseMemory): void => {
      ordered.add(part, scanned, release);
      onRows?.(merger.columns);
      advance(to - from);
    };
    const scan = (range: PartRange): void => {
      const scanned = scanHere(range.from, range.to, spare.pop());
      take(range, { ...scanned, ...ownNames() }, (memory) => spare.push(memory));
    };
    const isUsual = head.unread.bytes.length < firstLength * mostUnread;
    if (!isUsual) addThread();
    await scanByThreads(parts, { scan: isUsual ? scan : undefined, take, isAhead: ordered.isAhead }, threads, signal);
    return merger.finish();
  } finally {
    closeSync(descriptor);
    for (const { worker } of threads) worker.terminate();
  }
}

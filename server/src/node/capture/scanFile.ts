import { closeSync, fstatSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import { createNames } from "../../core/capture/columns/names.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import type { ScannedLines } from "../../core/scan/lineScanner.js";
import { finishScan, type PartLines, type PartNames, type ScannedPart } from "../../core/scan/mergeScans.js";
import type { TextSource } from "../../core/scan/otherLines.js";
import { type ScanMerger, scanMerger } from "../../core/scan/scanMerger.js";
import { compiledScanner } from "../../scanner/compiledScanner.js";
import { namesSince } from "./namesSince.js";
import { scanPart } from "./scanPart.js";
import { type ScanMaster, scanByThreads, startScanWorker } from "./scanThreads.js";
import { textSource } from "./textSource.js";

export interface ScanOptions {
  /** Threads that read; by default one for each processor and each 64 MB, at most eight. */
  readonly workers?: number;
  /** Called with the bytes read so far and the bytes there are. */
  readonly onProgress?: (read: number, size: number) => void;
  /** Called with what the beginning of the file holds, before the rest is read; not for small ones. */
  readonly onFirst?: (first: ScannedCapture) => void;
  readonly signal?: AbortSignal;
  /** The name that places get; the path, if not given. */
  readonly file?: string;
  /** Where to begin; a line must begin there. */
  readonly from?: number;
  /** Where to stop before the end of the file; a line must begin there. */
  readonly to?: number;
}

/** What is read at once, by one thread: some 10 ms, in which this thread does nothing else. Smaller files are one part. */
const partLength = 8 << 20;

/** The first part of larger ones: enough for a first screen of packets. */
const firstLength = 1 << 20;

/** For so many bytes each, another thread is worth its start. */
const threadLength = 64 << 20;

/** The share of unread lines with which this thread leaves the scan to workers: it would do nothing else for too long. */
const mostUnread = 1 / 16;

/** More rows than the first part lets expect are made room for. */
const spareRows = 1.2;

interface PartRange {
  readonly from: number;
  readonly to: number;
}

/** The parts of a file, the first one first. */
function partsOf(from: number, size: number): [PartRange, ...PartRange[]] {
  const length = Math.max(0, size - from);
  if (length <= partLength) return [{ from, to: from + length }];
  const rest = from + firstLength;
  const parts = Array.from({ length: Math.ceil((size - rest) / partLength) }, (_, index) => rest + index * partLength);
  return [{ from, to: rest }, ...parts.map((start) => ({ from: start, to: Math.min(start + partLength, size) }))];
}

/** Puts parts together that come in any order, and keeps the memory of their columns for those that follow. */
function orderedMerger(merger: ScanMerger, source: TextSource) {
  const waiting = new Map<number, ScannedPart | PartLines>();
  const spare: ArrayBuffer[] = [];
  let due = 0;
  return {
    spareMemory: () => spare.pop(),
    take(part: number, scanned: ScannedPart | PartLines): void {
      waiting.set(part, scanned);
      for (let next = waiting.get(due); next; next = waiting.get(due)) {
        if ("unread" in next) merger.addLines(next, source);
        else merger.add(next);
        waiting.delete(due);
        spare.push(next.columns.start.buffer as ArrayBuffer);
        due++;
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
  const { signal, onProgress = () => {}, file = path, from: begin = 0 } = options;
  signal?.throwIfAborted();
  const descriptor = openSync(path, "r");
  const workers: Worker[] = [];
  try {
    const size = Math.min(fstatSync(descriptor).size, options.to ?? Number.POSITIVE_INFINITY);
    const [firstRange, ...ranges] = partsOf(begin, size);
    const most = Math.min(availableParallelism(), 8, Math.ceil((size - begin) / threadLength));
    const threads = Math.min(options.workers ?? most, ranges.length);
    while (workers.length < threads - 1) workers.push(startScanWorker());
    const names = createNames();
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

    function advance({ from, to }: PartRange): void {
      read += to - from;
      onProgress(Math.min(read, size), size);
      signal?.throwIfAborted();
    }
    function scanHere(range: PartRange, memory?: ArrayBuffer): ScannedLines {
      return scanPart({ ...range, descriptor, file, size }, scanner, () => signal?.throwIfAborted(), memory);
    }

    const head = scanHere(firstRange);
    const first = finishScan(head, names, source);
    advance(firstRange);
    if (ranges.length === 0) return first;
    options.onFirst?.(first);

    const headSize = firstRange.to - begin;
    const rows = Math.ceil((head.columns.length / headSize) * (size - begin) * spareRows);
    const merger = scanMerger(names, rows);
    merger.add({ ...first, ...ownNames() });
    const parts = orderedMerger(merger, source);
    let given = 0;
    const isUsual = head.unread.bytes.length < headSize * mostUnread;
    const master: ScanMaster = {
      next() {
        const part = given++;
        const range = ranges[part];
        return range && { path, file, size, part, ...range, memory: parts.spareMemory() };
      },
      scan: isUsual ? (task) => ({ ...scanHere(task, task.memory), ...ownNames() }) : undefined,
      take(task, scanned) {
        parts.take(task.part, scanned);
        advance(task);
      },
    };
    if (!isUsual) workers.push(startScanWorker());
    await scanByThreads(master, workers, signal);
    return merger.finish();
  } finally {
    closeSync(descriptor);
    for (const worker of workers) worker.terminate();
  }
}

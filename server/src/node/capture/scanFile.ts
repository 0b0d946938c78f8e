import { closeSync, fstatSync, openSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { createNames } from "../../core/capture/names.js";
import type { ScannedCapture } from "../../core/scan/captureScanner.js";
import { eventScanner } from "../../core/scan/eventScanner.js";
import { mergeScans, type ScannedPart } from "../../core/scan/mergeScans.js";
import { scanPart } from "./scanPart.js";
import type { ScanAnswer, ScanTask } from "./scanWorker.js";

export interface ScanOptions {
  /** Threads that read; by default as many as the machine has processors for, at most eight. */
  readonly workers?: number;
  /** Called with the bytes read so far and the bytes there are. */
  readonly onProgress?: (read: number, size: number) => void;
  /** Called with what the beginning of the file holds, before the rest is read. */
  readonly onFirst?: (first: ScannedCapture) => void;
  readonly signal?: AbortSignal;
  /** The name that places get; the path, if not given. */
  readonly file?: string;
  /** Where to begin; a line must begin there. */
  readonly from?: number;
}

/** Read at once, in this thread: enough for a first screen of packets. */
const firstLength = 1 << 20;

/** Smaller ones are read in this thread: a worker takes some 50 ms to start. */
const smallest = 24 << 20;

const partLength = 16 << 20;

/**
 * Scans the capture in a file, large ones by several threads.
 *
 * @throws what opening and reading the file throws; the signal's reason, if it is aborted
 */
export async function scanFile(path: string, options: ScanOptions = {}): Promise<ScannedCapture> {
  const { signal, onProgress = () => {}, file = path, from = 0 } = options;
  signal?.throwIfAborted();
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    let read = from;
    const advance = (bytes: number): void => {
      signal?.throwIfAborted();
      read += bytes;
      onProgress(Math.min(read, size), size);
    };
    const scanHere = (start: number, to: number, scanner: number): ScannedPart => {
      const { names, ...scanned } = scanPart(
        { descriptor, file, from: start, to, size },
        eventScanner(createNames()),
        advance,
      );
      return { ...scanned, scanner, newNames: Array.from({ length: names.size }, (_, index) => names.text(index)) };
    };
    const isSmall = size - from < smallest;
    const first = scanHere(from, isSmall ? Math.max(size, from) : from + firstLength, 0);
    if (isSmall) return mergeScans([first]);
    options.onFirst?.(mergeScans([{ ...first, columns: { ...first.columns } }]));
    const starts = Array.from(
      { length: Math.ceil((size - from - firstLength) / partLength) },
      (_, index) => from + firstLength + index * partLength,
    );
    const tasks = starts.map(
      (start, part): ScanTask => ({ path, file, part, from: start, to: Math.min(start + partLength, size), size }),
    );
    const workers = Math.max(1, Math.min(options.workers ?? availableParallelism(), 8, tasks.length));
    return mergeScans([first, ...(await scanByWorkers(tasks, workers, advance, signal))]);
  } finally {
    closeSync(descriptor);
  }
}

/** Has the tasks done by so many workers, each taking the next one when it is ready. The parts come back in the order of the tasks. */
function scanByWorkers(
  tasks: readonly ScanTask[],
  count: number,
  advance: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<ScannedPart[]> {
  const parts: ScannedPart[] = [];
  let given = 0;
  let done = 0;
  const pool: Worker[] = [];
  const run = new Promise<ScannedPart[]>((resolve, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    for (let index = 0; index < count; index++) {
      const worker = new Worker(new URL("./scanWorker.js", import.meta.url));
      pool.push(worker);
      const giveNext = (): void => {
        const task = tasks[given++];
        if (task) worker.postMessage(task);
      };
      worker.on("error", reject);
      worker.on("message", (answer: ScanAnswer) => {
        try {
          if (answer.type === "progress") return advance(answer.bytes);
        } catch (error) {
          return reject(error);
        }
        if (answer.type === "failed") return reject(new Error(answer.message));
        parts[answer.part] = { ...answer.scanned, scanner: index + 1 };
        done++;
        if (done === tasks.length) resolve(parts);
        else giveNext();
      });
      giveNext();
    }
  });
  return run.finally(() => Promise.all(pool.map((worker) => worker.terminate())));
}

import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PartLines, ScannedPart } from "../../core/scan/mergeScans.js";
import { scannerModule } from "../../scanner/scannerModule.js";
import { createPartMemory, type PartMemory, returnMemory } from "./partMemory.js";
import type { ScanAnswer, ScanFailure, ScanWorkerData } from "./scanWorker.js";
import { countParts, type PartRange, type SharedParts, takePart } from "./sharedParts.js";

/** Parts that a worker may be ahead of its master. */
const ahead = 3;

/** A worker that scans parts of a file, from its start on. */
export interface ScanThread {
  readonly worker: Worker;
  readonly memory: PartMemory;
}

/** Starts a worker, which is ready after some 60 ms. */
export function startScanThread(scan: Pick<ScanWorkerData, "path" | "file" | "size" | "parts">): ScanThread {
  const memory = createPartMemory(ahead);
  const workerData: ScanWorkerData = { ...scan, memory, scanner: scannerModule() };
  return { worker: new Worker(new URL("./scanWorker.js", import.meta.url), { workerData }), memory };
}

/** Who has parts scanned. */
export interface ScanMaster {
  /** Scans a part in this thread; absent if it is not to. */
  readonly scan: ((range: PartRange) => void) | undefined;
  /** Whether this thread should wait for a worker's part before it scans another one. */
  isAhead(): boolean;
  /**
   * Takes up what a worker gave; the parts of each come in their order.
   *
   * @param release to be called with the memory of the columns when they are no longer needed
   */
  take(range: PartRange, scanned: ScannedPart | PartLines, release: (memory: ArrayBuffer) => void): void;
}

/**
 * Has the parts of a file scanned by this thread, in turns with what else it has to do, and by workers beside it, until there are no more.
 *
 * @throws what reading the file throws, and the signal's reason
 */
export async function scanByThreads(
  parts: SharedParts,
  master: ScanMaster,
  threads: readonly ScanThread[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let missing = countParts(parts);
  let failure: Error | undefined;
  let isWoken = false;
  let endWait = (): void => {};
  const wake = (): void => {
    isWoken = true;
    endWait();
  };
  const fail = (error: unknown): void => {
    failure ??= error instanceof Error ? error : new Error(String(error));
    wake();
  };
  signal?.addEventListener("abort", wake, { once: true });

  threads.forEach(({ worker, memory }, index) => {
    worker.on("error", fail);
    worker.on("message", (answer: ScanAnswer | ScanFailure) => {
      if (answer.type === "failed") return fail(answer.message);
      try {
        master.take(answer.range, { ...answer.scanned, scanner: index + 1 }, (given) =>
          returnMemory(memory, worker, given),
        );
        missing--;
      } catch (error) {
        return fail(error);
      }
      wake();
    });
  });

  for (;;) {
    signal?.throwIfAborted();
    if (failure) throw failure;
    if (missing === 0) return;
    // What workers give comes first, lest they wait for their memory.
    isWoken = false;
    await nextTurn();
    if (isWoken) continue;
    const range = master.scan && !master.isAhead() ? takePart(parts) : undefined;
    if (range && master.scan) {
      master.scan(range);
      missing--;
    } else {
      await new Promise<void>((resolve) => {
        endWait = resolve;
      });
    }
  }
}

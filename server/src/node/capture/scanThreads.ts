import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { PartLines, ScannedPart } from "../../core/scan/mergeScans.js";
import { scannerModule } from "../../scanner/compiledScanner.js";
import type { ScanAnswer, ScanFailure, ScanTask, ScanWorkerData } from "./scanWorker.js";

/** Tasks that a worker is given ahead, so that it need not wait for an answer while this thread scans. */
const ahead = 2;

/** Who has parts scanned. */
export interface ScanMaster {
  /** The next part that nobody scans yet. */
  next(): ScanTask | undefined;
  /** Scans one in this thread; absent if it is not to. */
  readonly scan: ((task: ScanTask) => PartLines) | undefined;
  /** Takes up what a task gave; they come in any order. */
  take(task: ScanTask, scanned: ScannedPart | PartLines): void;
}

/** Starts a thread that scans parts. It is ready after some 60 ms, in which the one that starts it can do something else. */
export function startScanWorker(): Worker {
  const workerData: ScanWorkerData = { scanner: scannerModule() };
  return new Worker(new URL("./scanWorker.js", import.meta.url), { workerData });
}

/**
 * Has parts scanned by this thread, in turns with what else it has to do, and by workers beside it, until there are no more.
 *
 * @throws what reading the file throws, and the signal's reason
 */
export async function scanByThreads(
  master: ScanMaster,
  workers: readonly Worker[],
  signal: AbortSignal | undefined,
): Promise<void> {
  let scanning = 0;
  let failure: Error | undefined;
  let wake = (): void => {};
  const fail = (error: Error): void => {
    failure ??= error;
    wake();
  };
  signal?.addEventListener("abort", () => wake(), { once: true });

  function give(worker: Worker, tasks: ScanTask[]): void {
    const task = master.next();
    if (!task) return;
    scanning++;
    tasks.push(task);
    worker.postMessage(task, task.memory ? [task.memory] : []);
  }

  workers.forEach((worker, index) => {
    /** What it was given and has not answered. */
    const tasks: ScanTask[] = [];
    worker.on("error", fail);
    worker.on("message", (answer: ScanAnswer | ScanFailure) => {
      if (answer.type === "failed") return fail(new Error(answer.message));
      const task = tasks.shift();
      scanning--;
      try {
        if (task) master.take(task, { ...answer.scanned, scanner: index + 1 });
        give(worker, tasks);
      } catch (error) {
        return fail(error instanceof Error ? error : new Error(String(error)));
      }
      wake();
    });
    for (let count = 0; count < ahead; count++) give(worker, tasks);
  });

  for (;;) {
    signal?.throwIfAborted();
    if (failure) throw failure;
    const task = master.scan && master.next();
    if (task && master.scan) {
      master.take(task, master.scan(task));
      await nextTurn();
    } else if (scanning > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    } else return;
  }
}

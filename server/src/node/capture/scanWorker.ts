import { closeSync, openSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { createNames } from "../../core/capture/columns/names.js";
import type { PartLines, ScannedPart } from "../../core/scan/mergeScans.js";
import { compiledScanner, type ScannerModule } from "../../scanner/compiledScanner.js";
import { namesSince } from "./namesSince.js";
import { scanPart } from "./scanPart.js";

/** What the worker is given when it starts. */
export interface ScanWorkerData {
  readonly scanner: ScannerModule;
}

/** What the worker is asked. */
export interface ScanTask {
  readonly path: string;
  readonly file: string;
  /** Number of the part, from 0. */
  readonly part: number;
  readonly from: number;
  readonly to: number;
  readonly size: number;
  /** For the columns of the answer; it is moved there and back. */
  readonly memory: ArrayBuffer | undefined;
}

/** What it answers, in the order in which it was asked. Where there are but few unread lines, who asked can read them sooner. */
export type ScanAnswer =
  | { readonly type: "lines"; readonly scanned: Omit<PartLines, "scanner"> }
  | { readonly type: "part"; readonly scanned: Omit<ScannedPart, "scanner"> };

export interface ScanFailure {
  readonly type: "failed";
  readonly message: string;
}

/** The share of a part that unread lines may have, to be left to who asked. */
const fewUnread = 1 / 16;

const names = createNames();
const scanner = compiledScanner(names, (workerData as ScanWorkerData).scanner);
let told = 0;

function newNames(): string[] {
  const since = namesSince(names, told);
  told = names.size;
  return since;
}

async function scanTask({ path, memory, part: _, ...range }: ScanTask): Promise<ScanAnswer> {
  const descriptor = openSync(path, "r");
  try {
    const scanned = scanPart({ ...range, descriptor }, scanner, () => {}, memory);
    if (scanned.unread.bytes.length < (range.to - range.from) * fewUnread) {
      return { type: "lines", scanned: { ...scanned, newNames: newNames() } };
    }
    // Loaded and warmed up only where it is needed: most workers end sooner than they would be fast at it.
    const { finishPart } = await import("./finishPart.js");
    const finished = finishPart(scanned, names, range.file);
    return { type: "part", scanned: { ...finished, newNames: newNames() } };
  } finally {
    closeSync(descriptor);
  }
}

async function answerTask(task: ScanTask): Promise<void> {
  try {
    const answer = await scanTask(task);
    parentPort?.postMessage(answer, [answer.scanned.columns.start.buffer as ArrayBuffer]);
  } catch (error) {
    const answer: ScanFailure = { type: "failed", message: error instanceof Error ? error.message : String(error) };
    parentPort?.postMessage(answer);
  }
}

let last = Promise.resolve();
parentPort?.on("message", (task: ScanTask) => {
  last = last.then(() => answerTask(task));
});

import { closeSync, openSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { columnNames } from "../../core/capture/columnsBuilder.js";
import { createNames } from "../../core/capture/names.js";
import { eventScanner } from "../../core/scan/eventScanner.js";
import type { ScannedPart } from "../../core/scan/mergeScans.js";
import { scanPart } from "./scanPart.js";

/** What the worker is asked. */
export interface ScanTask {
  readonly path: string;
  readonly file: string;
  readonly part: number;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** What it answers. */
export type ScanAnswer =
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "part"; readonly part: number; readonly scanned: Omit<ScannedPart, "scanner"> }
  | { readonly type: "failed"; readonly message: string };

const events = eventScanner(createNames());
let told = 0;

function answerTask(
  { path, file, part, from, to, size }: ScanTask,
  post: (answer: ScanAnswer, moved?: ArrayBuffer[]) => void,
): void {
  const descriptor = openSync(path, "r");
  try {
    const { names, ...scanned } = scanPart({ descriptor, file, from, to, size }, events, (bytes) =>
      post({ type: "progress", bytes }),
    );
    const newNames = Array.from({ length: names.size - told }, (_, index) => names.text(told + index));
    told = names.size;
    const moved = columnNames.map((name) => scanned.columns[name].buffer as ArrayBuffer);
    post({ type: "part", part, scanned: { ...scanned, newNames } }, moved);
  } finally {
    closeSync(descriptor);
  }
}

parentPort?.on("message", (task: ScanTask) => {
  const post = (answer: ScanAnswer, moved: ArrayBuffer[] = []): void => parentPort?.postMessage(answer, moved);
  try {
    answerTask(task, post);
  } catch (error) {
    post({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
});

import { closeSync, openSync } from "node:fs";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { createNames } from "../../core/capture/columns/names.js";
import type { PartLines, ScannedPart } from "../../core/scan/mergeScans.js";
import { instantiateScanner, type ScannerModule } from "../../scanner/instantiateScanner.js";
import { namesSince } from "./namesSince.js";
import { acquireMemory, type PartMemory } from "./partMemory.js";
import { scanPart } from "./scanPart.js";
import { type PartRange, type SharedParts, takePart } from "./sharedParts.js";

/** What the worker is given when it starts: all that it needs. */
export interface ScanWorkerData {
  readonly scanner: ScannerModule;
  readonly path: string;
  /** The name that places get. */
  readonly file: string;
  readonly size: number;
  readonly parts: SharedParts;
  readonly memory: PartMemory;
}

/** What it gives of a part. Where there are but few unread lines, its master can read them sooner. */
export type ScanAnswer =
  | { readonly type: "lines"; readonly range: PartRange; readonly scanned: Omit<PartLines, "scanner"> }
  | { readonly type: "part"; readonly range: PartRange; readonly scanned: Omit<ScannedPart, "scanner"> };

export interface ScanFailure {
  readonly type: "failed";
  readonly message: string;
}

/** The share of a part that unread lines may have, to be left to the master. */
const fewUnread = 1 / 16;

const { scanner: module, path, file, size, parts, memory } = workerData as ScanWorkerData;
const names = createNames();
const scanner = instantiateScanner(names, module);
let told = 0;

function newNames(): string[] {
  const since = namesSince(names, told);
  told = names.size;
  return since;
}

async function scanRange(descriptor: number, range: PartRange, room?: ArrayBuffer): Promise<ScanAnswer> {
  const scanned = scanPart({ from: range.from, to: range.to, descriptor, file, size }, scanner, () => {}, room);
  if (scanned.unread.bytes.length < (range.to - range.from) * fewUnread) {
    return { type: "lines", range, scanned: { ...scanned, newNames: newNames() } };
  }
  // Loaded and warmed up only where it is needed: most workers end sooner than they would be fast at it.
  const { finishPart } = await import("./finishPart.js");
  const finished = finishPart(scanned, names, file);
  return { type: "part", range, scanned: { ...finished, newNames: newNames() } };
}

async function scanParts(master: MessagePort): Promise<void> {
  const descriptor = openSync(path, "r");
  try {
    for (let sent = 0; ; sent++) {
      // Only a part that can be read at once is taken: others may wait for it.
      const room = acquireMemory(memory, master, sent);
      const range = takePart(parts);
      if (!range) return;
      const answer = await scanRange(descriptor, range, room);
      master.postMessage(answer, [answer.scanned.columns.start.buffer as ArrayBuffer]);
    }
  } finally {
    closeSync(descriptor);
  }
}

if (parentPort) {
  const master = parentPort;
  scanParts(master).catch((error: unknown) => {
    const failure: ScanFailure = { type: "failed", message: error instanceof Error ? error.message : String(error) };
    master.postMessage(failure);
  });
}

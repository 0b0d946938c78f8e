import { closeSync, existsSync, openSync, readSync } from "node:fs";
import type { IndexedCapture } from "../../core/large/indexedCapture.js";
import { opensMessage } from "../../core/scan/captureScanner.js";
import { byteText } from "../../core/scan/cursor.js";
import { cutScan } from "../../core/scan/cutScan.js";
import { mergeScans } from "../../core/scan/mergeScans.js";
import { fileState } from "./fileState.js";
import { indexCapture } from "./openCapture.js";
import { type ScanOptions, scanFile } from "./scanFile.js";

/** What became of a file since it was read. */
export type CaptureChange =
  | { readonly type: "same" }
  /** Something was appended; only that was read. The capture from before is closed. */
  | { readonly type: "grown"; readonly capture: IndexedCapture }
  /** It was truncated, or another file has its name now (rotation): it must be opened anew. */
  | { readonly type: "replaced" }
  | { readonly type: "gone" };

/** Looked through from the end for the last message that begins there. */
const tail = 1 << 20;

/** Where the last message begins before `end`; 0 if none is near. */
function lastMessageStart(path: string, end: number): number {
  const from = Math.max(0, end - tail);
  const bytes = new Uint8Array(end - from);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, bytes, 0, bytes.length, from);
  } finally {
    closeSync(descriptor);
  }
  const text = byteText(bytes);
  for (let newline = bytes.lastIndexOf(0x0a); newline >= 0; newline = bytes.lastIndexOf(0x0a, newline - 1)) {
    if (opensMessage(text, newline + 1)) return from + newline + 1;
    if (newline === 0) break;
  }
  return 0;
}

/**
 * Reads what was appended to the file of a capture since it was opened.
 *
 * @param options as for `openCapture`
 * @throws what reading the file throws
 */
export async function followCapture(
  path: string,
  capture: IndexedCapture,
  options: ScanOptions = {},
): Promise<CaptureChange> {
  if (!existsSync(path)) return { type: "gone" };
  const before = capture.state;
  const now = fileState(path, before.size);
  if (now.inode !== before.inode || now.size < before.size || now.head !== before.head) return { type: "replaced" };
  if (now.size === before.size) return { type: now.modified === before.modified ? "same" : "replaced" };
  const resume = lastMessageStart(path, before.size);
  const part = cutScan(capture.scanned, resume, capture.lineAt(resume).line);
  const { names, ...added } = await scanFile(path, { ...options, file: capture.file, from: resume });
  const newNames = Array.from({ length: names.size }, (_, index) => names.text(index));
  const scanned = mergeScans([part, { ...added, scanner: 1, newNames }]);
  capture.close();
  return { type: "grown", capture: indexCapture(path, capture.file, scanned) };
}

import { existsSync } from "node:fs";
import type { IndexedCapture } from "../../core/large/indexedCapture.js";
import { cutScan } from "../../core/scan/cutScan.js";
import { mergeScans } from "../../core/scan/mergeScans.js";
import { fileState } from "./fileState.js";
import { lastMessageStart } from "./lastMessageStart.js";
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
  // Of a capture that was not read to its end, what is appended can't be read either.
  if (!before || capture.unread) return { type: "replaced" };
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

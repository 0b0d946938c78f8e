import { existsSync } from "node:fs";
import type { IndexedCapture } from "../../core/large/indexedCapture.js";
import { fileKey, keepIndex, keptSize } from "./captureCache.js";
import { fileState } from "./fileState.js";
import { defaultMemoryBudget, readableBytes } from "./memoryBudget.js";
import { indexCapture, type OpenCaptureOptions } from "./openCapture.js";
import { scanAppended } from "./scanAppended.js";

/** What became of a file since it was read. */
export type CaptureChange =
  | { readonly type: "same" }
  /** Something was appended; only that was read. The capture from before is closed. */
  | { readonly type: "grown"; readonly capture: IndexedCapture }
  /** It was truncated, or another file has its name now (rotation): it must be opened anew. */
  | { readonly type: "replaced" }
  | { readonly type: "gone" };

/** A file that grew so much since its index was kept has it kept again: what was appended since must be read the next time. */
const keptAgainAfter = 2;

/**
 * Reads what was appended to the file of a capture since it was opened.
 *
 * @param options as for `openCapture`
 * @throws what reading the file throws
 */
export async function followCapture(
  path: string,
  capture: IndexedCapture,
  options: OpenCaptureOptions = {},
): Promise<CaptureChange> {
  if (!existsSync(path)) return { type: "gone" };
  const before = capture.state;
  // Of a capture that was not read to its end, what is appended can't be read either.
  if (!before || capture.unread) return { type: "replaced" };
  const now = fileState(path, before.size);
  if (now.inode !== before.inode || now.size < before.size || now.head !== before.head) return { type: "replaced" };
  if (now.size === before.size) return { type: now.modified === before.modified ? "same" : "replaced" };
  const { memory = defaultMemoryBudget(), cacheFolder, onCacheProblem } = options;
  if (readableBytes(path, now.size, memory) !== undefined) return { type: "replaced" };
  const key = fileKey(path);
  const scanned = await scanAppended(path, capture, before.size, { ...options, file: capture.file });
  if (!scanned) return { type: "replaced" };
  capture.close();
  const grown = indexCapture(path, capture.file, scanned);
  if (cacheFolder !== undefined && now.size > keptAgainAfter * keptSize(cacheFolder, path)) {
    keepIndex(cacheFolder, path, key, grown).catch((error: Error) =>
      onCacheProblem?.(`the index could not be kept: ${error.message}`),
    );
  }
  return { type: "grown", capture: grown };
}

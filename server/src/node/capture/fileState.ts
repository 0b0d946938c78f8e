import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { FileState } from "../../core/large/indexedCapture.js";

const headSize = 4096;

/**
 * The state of a file now.
 *
 * @param known the size up to which it was read before, so that the heads of a short file can be compared when it has grown
 * @throws what opening the file throws
 */
export function fileState(path: string, known = headSize): FileState {
  const descriptor = openSync(path, "r");
  try {
    const { size, ino, mtimeMs } = fstatSync(descriptor);
    const bytes = new Uint8Array(Math.min(headSize, known, size));
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    const head = createHash("sha1").update(bytes.subarray(0, length)).digest("hex");
    return { size, inode: ino, modified: mtimeMs, head };
  } finally {
    closeSync(descriptor);
  }
}

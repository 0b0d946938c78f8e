import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { fileState } from "./fileState.js";
import { type OpenCaptureOptions, type OpenedCapture, openCapture } from "./openCapture.js";
import { type Packing, packingOf, unpackHead } from "./unpack.js";
import { unpackFile } from "./unpackedFile.js";

/** Bytes that Zstandard packs as a whole, at most (RFC 8878, section 3.1.1.2.4): less of a file gives nothing. */
const largestBlock = 128 * 1024;

/** How a file is packed. @throws what reading the file throws */
export function packingOfFile(path: string): Packing {
  const descriptor = openSync(path, "r");
  try {
    const head = new Uint8Array(4);
    return packingOf(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)));
  } finally {
    closeSync(descriptor);
  }
}

/** The first bytes of what is packed in a file, at most so many; the file's own, if nothing is. @throws what reading the file throws */
export async function headOfFile(path: string, bytes: number): Promise<Uint8Array> {
  const packing = packingOfFile(path);
  // No text becomes larger by being packed, but for some bytes.
  const end = Math.max(bytes, packing === "zstd" ? largestBlock : 0) + 4096;
  return unpackHead(createReadStream(path, { end }), packing, bytes);
}

/**
 * Opens a capture that may be packed (gzip, zstd): what is in it is unpacked once, so that its lines can be read. Of a file that is broken, what
 * comes before the break is used, and `unread` says so. Progress counts unpacking and reading as one half each.
 *
 * @throws what opening, unpacking and reading the file throws; the signal's reason, if it is aborted
 */
export async function openPacked(path: string, options: OpenCaptureOptions = {}): Promise<OpenedCapture> {
  const packing = packingOfFile(path);
  if (packing === "none") return openCapture(path, options);
  const { file = path, onProgress = () => {}, cacheFolder, ...others } = options;
  const state = fileState(path);
  const unpacked = await unpackFile(path, packing, {
    ...(cacheFolder !== undefined && { cacheFolder }),
    ...(options.signal && { signal: options.signal }),
    onProgress: (read) => onProgress(read, state.size * 2),
  });
  try {
    const capture = await openCapture(unpacked.path, {
      ...others,
      ...(unpacked.cacheFolder !== undefined && { cacheFolder: unpacked.cacheFolder }),
      file,
      onProgress: (read, size) => onProgress(state.size + state.size * (size === 0 ? 1 : read / size), state.size * 2),
    });
    const name = file.slice(file.lastIndexOf("/") + 1);
    return {
      ...capture,
      // What changes is the packed file.
      state,
      ...(unpacked.broken !== undefined && {
        unread: [...(capture.unread ?? []), `${name}: ${unpacked.broken}; what comes before is used.`],
      }),
      close() {
        capture.close();
        unpacked.remove();
      },
    };
  } catch (error) {
    unpacked.remove();
    throw error;
  }
}

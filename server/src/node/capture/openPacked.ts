import { createHash } from "node:crypto";
import {
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileKey } from "./captureCache.js";
import { fileState } from "./fileState.js";
import { type OpenCaptureOptions, type OpenedCapture, openCapture } from "./openCapture.js";
import { type Packing, packingOf, unpackHead, unpackTo } from "./unpack.js";

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
  return unpackHead(createReadStream(path, { end: bytes + 4096 }), packing, bytes);
}

interface Unpacked {
  readonly path: string;
  /** Why it is only a beginning. */
  readonly broken?: string;
  remove(): void;
}

/** Unpacks a file, into the cache if there is one, where the next opening finds it. */
async function unpackFile(
  path: string,
  packing: Packing,
  { cacheFolder, signal }: OpenCaptureOptions,
  onProgress: (read: number) => void,
): Promise<Unpacked> {
  const key = createHash("sha1")
    .update(`${path} ${fileKey(path)}`)
    .digest("hex");
  if (cacheFolder !== undefined) mkdirSync(cacheFolder, { recursive: true, mode: 0o700 });
  const folder = cacheFolder ?? mkdtempSync(join(tmpdir(), "packetwalk-"));
  const target = join(folder, `${key}.unpacked`);
  const remove = (): void => {
    if (cacheFolder === undefined) rmSync(folder, { recursive: true, force: true });
  };
  if (statSync(target, { throwIfNoEntry: false })) return { path: target, remove };
  const partial = `${target}.${process.pid}.partial`;
  try {
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    source.on("data", () => onProgress(source.bytesRead));
    await unpackTo(partial, source, packing, signal);
    renameSync(partial, target);
    return { path: target, remove };
  } catch (error) {
    if (!signal?.aborted && (statSync(partial, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      const broken = error instanceof Error ? error.message : String(error);
      return {
        path: partial,
        broken,
        remove: () => rmSync(cacheFolder === undefined ? folder : partial, { recursive: true, force: true }),
      };
    }
    rmSync(partial, { force: true });
    remove();
    throw error;
  }
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
  const unpacked = await unpackFile(path, packing, options, (read) => onProgress(read, state.size * 2));
  try {
    const capture = await openCapture(unpacked.path, {
      ...others,
      ...(cacheFolder !== undefined && unpacked.broken === undefined && { cacheFolder }),
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

import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileKey, removeOldest } from "./captureCache.js";
import { type Packing, unpackTo } from "./unpack.js";

/** A packed file, unpacked. */
export interface UnpackedFile {
  readonly path: string;
  /** The folder that keeps it for the next time; absent where it is removed in the end. */
  readonly cacheFolder?: string;
  /** Why it is only a beginning. */
  readonly broken?: string;
  /** Lets it go; more than once does no harm. */
  remove(): void;
}

export interface UnpackOptions {
  /** Where it is kept; absent, or where nothing can be written, a temporary folder takes it. */
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  /** Called with the bytes of the packed file that were read. */
  readonly onProgress?: (read: number) => void;
}

/** The folder, if something can be put there. */
function usable(folder: string | undefined): string | undefined {
  try {
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  } catch {
    return undefined;
  }
}

/**
 * Unpacks a file, into the cache if there is one, where the next opening finds it.
 *
 * @throws what reading the file, the decoder or the disk reports before anything was unpacked; the signal's reason, if it is aborted
 */
export async function unpackFile(
  path: string,
  packing: Packing,
  { cacheFolder, signal, onProgress = () => {} }: UnpackOptions,
): Promise<UnpackedFile> {
  const kept = usable(cacheFolder);
  const key = createHash("sha1")
    .update(`${path} ${fileKey(path)}`)
    .digest("hex");
  const folder = kept ?? mkdtempSync(join(tmpdir(), "packetwalk-"));
  const target = join(folder, `${key}.unpacked`);
  const remove = (): void => {
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const whole: UnpackedFile = { path: target, remove, ...(kept !== undefined && { cacheFolder: kept }) };
  if (statSync(target, { throwIfNoEntry: false })) return whole;
  const partial = `${target}.${process.pid}.partial`;
  try {
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    source.on("data", () => onProgress(source.bytesRead));
    await unpackTo(partial, source, packing, signal);
    renameSync(partial, target);
    if (kept !== undefined) removeOldest(kept);
    return whole;
  } catch (error) {
    if (!signal?.aborted && (statSync(partial, { throwIfNoEntry: false })?.size ?? 0) > 0) {
      const broken = error instanceof Error ? error.message : String(error);
      return {
        path: partial,
        broken,
        remove: () => rmSync(kept === undefined ? folder : partial, { recursive: true, force: true }),
      };
    }
    rmSync(partial, { force: true });
    remove();
    throw error;
  }
}

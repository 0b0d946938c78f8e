import { rmSync } from "node:fs";
import { mkdtemp, open, readFile as readBytes, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stderr } from "node:process";
import {
  type IndexedCapture,
  isRecognised,
  looksLikeCapture,
  looksLikeDump,
  looksLikeSettings,
  type ReadFile,
  readFile,
} from "../core/index.js";
import { defaultCacheFolder } from "../node/capture/captureCache.js";
import { openCapture } from "../node/capture/openCapture.js";
import { packingOf, unpackTo } from "../node/capture/unpack.js";
import { unpackFile } from "../node/capture/unpackedFile.js";
import { decodeText } from "../node/decodeText.js";
import { filesIn, headLength, nothingOfOurs, type ReadOptions, standardInput, UnusablePath } from "./readPaths.js";
import { showProgress } from "./showProgress.js";

/** What stands behind the paths that the user named. */
export interface OpenedPaths {
  /** Read whole. */
  readonly files: readonly ReadFile[];
  /** Too large for that. */
  readonly captures: readonly IndexedCapture[];
  /** The names of both, in the order in which they were found. */
  readonly order: readonly string[];
  /** Lets large files go, and removes what was unpacked. */
  close(): Promise<void>;
}

export interface OpenOptions extends ReadOptions {
  /** Captures of more bytes than this are indexed instead of being read whole. */
  readonly largeFrom?: number;
  /** Memory that each of them may take, in bytes. The index of one that needs more is on disk. */
  readonly memory?: number;
  /** Told of what could not be used; by default, it is said on stderr. */
  readonly warn?: (message: string) => void;
}

/** Twenty megabytes are read and walked whole in a few seconds. */
const usualLargeFrom = 20_000_000;

/** The user pressed Ctrl-C while files were read. */
export class Interrupted extends Error {}

export const warnOnStderr = (message: string): void => void stderr.write(`packetwalk: ${message}\n`);

interface Found {
  readonly path: string;
  /** The name the user knows. */
  readonly file: string;
  readonly size: number;
  readonly head: Uint8Array;
  /** Whether the user named it, and did not name a folder around it. */
  readonly isNamed: boolean;
  /** Whether it is a copy that is removed in the end. */
  readonly isTemporary?: true;
}

async function headOf(path: string): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const head = new Uint8Array(headLength);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Opens what the user named, as `readPaths` reads it: packed files (gzip, zstd) are unpacked into the cache and standard input into a temporary folder first,
 * large captures are indexed, all else is read.
 *
 * @throws UnusablePath where a path can't be read or nothing of ours is in any of them
 */
export async function openPaths(paths: readonly string[], options: OpenOptions = {}): Promise<OpenedPaths> {
  const { largeFrom = usualLargeFrom, warn = warnOnStderr, memory, ...readOptions } = options;
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = (): void => interruption.abort(new Interrupted());
  const files: ReadFile[] = [];
  const captures: IndexedCapture[] = [];
  const order: string[] = [];
  /** Named, with nothing of ours in them. */
  const strangers: string[] = [];
  /** What is done in the end. */
  const removers: (() => void)[] = [];

  /** Writes standard input to a file. It is not kept: to know it again, one would have to read all of it. */
  async function standardInputFile(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "packetwalk-"));
    removers.push(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "input");
    try {
      await unpackTo(path, process.stdin, "none", signal);
    } catch (error) {
      signal.throwIfAborted();
      const size = await stat(path).then(
        (stats) => stats.size,
        () => 0,
      );
      if (size === 0) throw error;
      warn(`${standardInput}: ${error instanceof Error ? error.message : String(error)}; what comes before is used`);
    }
    return path;
  }

  async function take({ path, file, size, head, isNamed, isTemporary }: Found): Promise<void> {
    const packing = packingOf(head);
    if (packing !== "none") {
      const cache = isTemporary ? {} : { cacheFolder: defaultCacheFolder() };
      const plain = await unpackFile(path, packing, { ...cache, signal });
      removers.push(plain.remove);
      if (plain.broken !== undefined) warn(`${file}: ${plain.broken}; what comes before is used`);
      const { size: plainSize } = await stat(plain.path);
      const head = await headOf(plain.path);
      const isKept = plain.cacheFolder !== undefined;
      return take({ path: plain.path, file, size: plainSize, head, isNamed, ...(!isKept && { isTemporary: true }) });
    }
    const text = decodeText(head);
    const isCapture = looksLikeCapture(text);
    if (!isNamed && !isCapture && !looksLikeDump(text) && !looksLikeSettings(text)) return;
    if (size > largeFrom && isCapture) {
      order.push(file);
      const progress = showProgress(file);
      try {
        const onProgress = progress.show;
        captures.push(
          await openCapture(path, {
            file,
            onProgress,
            signal,
            onCacheProblem: warn,
            ...(memory !== undefined && { memory }),
            ...(isTemporary ? {} : { cacheFolder: defaultCacheFolder() }),
          }),
        );
      } finally {
        progress.clear();
      }
      return;
    }
    const read = readFile({ file, text: decodeText(await readBytes(path)), ...readOptions });
    if (isCapture || isRecognised(read)) {
      order.push(file);
      files.push(read);
    } else if (isNamed) strangers.push(file);
  }

  async function takePath(path: string): Promise<void> {
    if (path === "-") {
      const plain = await standardInputFile();
      return take({
        path: plain,
        file: standardInput,
        size: (await stat(plain)).size,
        head: await headOf(plain),
        isNamed: true,
        isTemporary: true,
      });
    }
    const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
      throw new UnusablePath(`${path}: ${error.code === "ENOENT" ? "no such file or folder" : error.message}`);
    });
    const inside = stats.isDirectory() ? await filesIn(path) : [path];
    for (const file of inside) {
      try {
        const { size } = await stat(file);
        await take({ path: file, file, size, head: await headOf(file), isNamed: !stats.isDirectory() });
      } catch (error) {
        signal.throwIfAborted();
        if (!stats.isDirectory()) throw error;
        warn(`${file}: ${error instanceof Error ? error.message : String(error)}; it is left out`);
      }
    }
  }

  async function close(): Promise<void> {
    for (const capture of captures) capture.close();
    for (const remove of removers) remove();
  }

  process.on("SIGINT", interrupt);
  try {
    for (const path of paths) {
      try {
        await takePath(path);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof UnusablePath) throw error;
        throw new UnusablePath(`${path}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (files.length + captures.length === 0) throw nothingOfOurs(paths);
    for (const file of strangers) warn(nothingOfOurs([file]).message);
  } catch (error) {
    await close();
    throw error;
  } finally {
    process.off("SIGINT", interrupt);
  }
  return { files, captures, order, close };
}

import { folderOf, type IndexedCapture } from "../core/index.js";
import type { FileEntry, OpenCaptureOptions, Runtime } from "./runtime.js";

/** Larger ones are read only when asked for: reading one takes some seconds, and memory. */
const largestUnasked = 1 << 30;

/** How far the reading of a file is told, and the way to stop it. */
export interface Progress {
  report(fraction: number): void;
  done(): void;
  readonly signal: AbortSignal;
}

export interface LargeFilesOptions {
  readonly runtime: Runtime;
  /** A file was read, or its beginning, or it can't be read. */
  readonly onChange: (uri: string) => void;
  readonly startProgress: (title: string) => Promise<Progress>;
  /** Where an index may be kept and what memory it may take, as the client and its user say now. */
  readonly bounds: () => Promise<Pick<OpenCaptureOptions, "cacheFolder" | "memory">>;
}

interface LargeFile {
  readonly version: string;
  capture?: IndexedCapture;
  /** What was shown before `capture`. */
  retired?: IndexedCapture;
  /** What to tell of it while there is more to come, or nothing. */
  sentence?: string;
}

/** Captures that are too large to be read as text: they are indexed, beside everything else that goes on. */
export interface LargeFiles {
  /** What is known of a file so far, and what to say about the rest. Its reading begins with the first call. */
  look(entry: FileEntry): { readonly capture?: IndexedCapture; readonly sentence?: string };
  /** Has a file be read whatever its size, even where no document beside it is open. */
  want(uri: string): void;
  /** Whether a file was asked for. */
  isWanted(uri: string): boolean;
  /** Those of a folder that were asked for or are being read. */
  inFolder(folder: string): string[];
  /** Lets go of a folder's files, unless they were asked for. */
  forget(folder: string): void;
}

/** Whether a file is packed with gzip or Zstandard, as its name says. */
export function isPacked(uri: string): boolean {
  return /\.(?:gz|zst)$/i.test(uri);
}

/** Whether a file is a packed log, as its name says. */
export function isPackedLog(uri: string): boolean {
  return /\.(?:log|txt|json|jsonl|ndjson|cilium-monitor)\.(?:gz|zst)$/i.test(uri);
}

export function nameOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}

export function createLargeFiles({ runtime, onChange, startProgress, bounds }: LargeFilesOptions): LargeFiles {
  const files = new Map<string, LargeFile>();
  const wanted = new Set<string>();

  /** Shows what has come of a file. What was shown before is in use until that is analysed, so it is let go one time later. */
  function show(uri: string, file: LargeFile, capture: IndexedCapture): void {
    file.retired?.close();
    if (file.capture) file.retired = file.capture;
    file.capture = capture;
    onChange(uri);
  }

  function close({ capture, retired }: LargeFile): void {
    capture?.close();
    retired?.close();
  }

  async function read(uri: string, file: LargeFile): Promise<void> {
    const progress = await startProgress(`Reading ${nameOf(uri)}`);
    const isCurrent = (): boolean => files.get(uri) === file;
    try {
      const whole = await runtime.openCapture?.(uri, {
        onProgress: (done, size) => progress.report(size === 0 ? 1 : done / size),
        onFirst: (first) => (isCurrent() && !file.capture ? show(uri, file, first) : first.close()),
        signal: progress.signal,
        ...(file.capture && { before: file.capture }),
        ...(await bounds()),
      });
      delete file.sentence;
      if (whole && isCurrent()) show(uri, file, whole);
      else whole?.close();
    } catch (error) {
      file.sentence = progress.signal.aborted
        ? `Reading ${nameOf(uri)} was cancelled. Only its beginning is shown. “Packetwalk: Open Capture…” reads it again.`
        : `${nameOf(uri)} can't be read to its end: ${error instanceof Error ? error.message : String(error)}.`;
      onChange(uri);
    } finally {
      progress.done();
    }
  }

  return {
    look({ uri, size, version }) {
      const known = files.get(uri);
      if (known?.version === version) return known;
      const name = nameOf(uri);
      if (!runtime.openCapture) {
        const why = isPacked(uri) ? "packed" : "too large";
        return { sentence: `${name} is ${why} and can't be read in a browser; the packetwalk command reads it.` };
      }
      if ((size > largestUnasked || isPacked(uri)) && !wanted.has(uri)) {
        const why = isPacked(uri) ? "packed" : "very large";
        return { sentence: `${name} is ${why}: “Packetwalk: Open Capture…” reads it.` };
      }
      // Until the new contents are read, what was read of the old ones is better than nothing.
      const file: LargeFile = {
        version,
        sentence: `${name} is being read; what comes is shown as it comes.`,
        ...(known?.capture && { capture: known.capture }),
        ...(known?.retired && { retired: known.retired }),
      };
      files.set(uri, file);
      void read(uri, file);
      return file;
    },
    isWanted: (uri) => wanted.has(uri),
    want(uri) {
      wanted.add(uri);
      const known = files.get(uri);
      // Asked for again after it was cancelled or failed.
      if (known?.sentence !== undefined && known.capture === undefined) files.delete(uri);
    },
    inFolder: (folder) => [...new Set([...wanted, ...files.keys()])].filter((uri) => folderOf(uri) === folder),
    forget(folder) {
      for (const [uri, file] of files) {
        if (folderOf(uri) !== folder || wanted.has(uri)) continue;
        files.delete(uri);
        close(file);
      }
    },
  };
}

import type { IndexedCapture } from "../core/index.js";
import type { FileEntryView } from "./protocol.js";

/** A file beside a document, as the runtime lists it. */
export type FileEntry = FileEntryView;

/**
 * What the server needs of the host it runs on. The Node runtime reads the file system; another host may answer with empty lists, and
 * the server then knows the open documents only.
 */
export interface Runtime {
  /** The plain files of a folder, not those of its subfolders; empty where it can't be read. */
  listFolder(folderUri: string): Promise<readonly FileEntry[]>;
  /** The first `bytes` of a file as UTF-8 text; `undefined` where it can't be read. */
  readText(uri: string, bytes: number): Promise<string | undefined>;
  /**
   * Indexes a capture that is too large to be read as text; absent where the host can't. Rejects where it can't be read to its end, or
   * is stopped.
   */
  readonly openCapture?: (uri: string, options: OpenCaptureOptions) => Promise<IndexedCapture>;
}

export interface OpenCaptureOptions {
  /** Called with the bytes read so far and the bytes there are. */
  readonly onProgress: (read: number, size: number) => void;
  /** Called with the beginning of the file, while the rest is being read. */
  readonly onFirst: (first: IndexedCapture) => void;
  readonly signal: AbortSignal;
  /** What was read of the file before it changed: of a capture that goes on, only what was added is read. It is closed. */
  readonly before?: IndexedCapture;
  /** Where the index may be kept for the next time. */
  readonly cacheFolder?: string;
  /** Memory that the capture may take, in bytes. The index of one that needs more is on disk. */
  readonly memory?: number;
}

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
}

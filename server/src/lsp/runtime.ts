/** A file beside a document, as the runtime lists it. */
export interface FileEntry {
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the contents do (a modification time). */
  readonly version: string;
}

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

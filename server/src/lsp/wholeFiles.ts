import {
  folderOf,
  LineIndex,
  looksLikeCapture,
  looksLikeDump,
  looksLikeSettings,
  type Position,
  type ReadFile,
  readingSteps,
  rereadFile,
  type Steps,
} from "../core/index.js";
import { type ChunkedText, sliceOf } from "./document/chunkedText.js";
import type { OpenDocument } from "./document/openDocument.js";
import { inSlices } from "./inSlices.js";
import { isPacked, isPackedLog } from "./largeFiles.js";
import type { FileEntry, Runtime } from "./runtime.js";

/** Captures that are larger are indexed instead of being read as text, whether they are open or beside a document. */
export const largestWhole = 8 * 1024 * 1024;
/** Files that are larger are not fetched by a client (client/src/serveFiles.ts). */
const largestFetched = 20 * 1024 * 1024;
/** How much of a file is read to recognise it. */
export const headBytes = 16 * 1024;

/** Leads from offsets in a text to positions of its file, as the Language Server Protocol counts them, and back. */
export interface Positions {
  position(offset: number): Position;
  /** `undefined` for a position in what was not read. */
  offset(position: Position): number | undefined;
}

/** A file of a case as it was last read, with what is needed to talk to the editor about it. Of a large capture only an excerpt is read. */
export interface KnownFile {
  readonly read: ReadFile;
  readonly lines: Positions;
}

interface CachedFile extends KnownFile {
  /** What it was read from: a version of a file, or the text of a document. */
  readonly source: string | ChunkedText;
}

/** A file beside a document: what it says, or why that is not known. `undefined` for one that is nobody's business. */
export type Neighbour = KnownFile | "large" | "unreadable" | undefined;

/** Files that are read whole. What was read is kept until the file changes. */
export interface WholeFiles {
  ofDocument(document: OpenDocument): Steps<KnownFile>;
  /**
   * @param isWanted whether somebody asked for it
   * @param check called now and then; what it throws ends the reading
   */
  ofNeighbour(entry: FileEntry, isWanted: boolean, check: () => void): Promise<Neighbour>;
  /** Lets go of what was read in a folder. */
  forget(folder: string): void;
  /** Reads everything anew, as printed by a version of Cilium: a minor number of 1.x, or `undefined`, then each capture tells. */
  setCiliumVersion(version: number | undefined): void;
}

export function createWholeFiles(runtime: Runtime): WholeFiles {
  const cache = new Map<string, CachedFile>();
  let ciliumVersion: number | undefined;

  function* read(uri: string, source: string | ChunkedText, getText: () => string): Steps<KnownFile> {
    const cached = cache.get(uri);
    if (cached?.source === source) return cached;
    const text = getText();
    const version = ciliumVersion === undefined ? {} : { ciliumVersion };
    const reread = cached && rereadFile(cached.read, text);
    const anew = reread ?? (yield* readingSteps({ file: uri, text, ...version }));
    const known = { source, read: anew, lines: new LineIndex(text) };
    cache.set(uri, known);
    return known;
  }

  return {
    ofDocument: ({ uri, text }) => read(uri, text, () => sliceOf(text, 0, text.length)),

    async ofNeighbour({ uri, size, version }, isWanted, check) {
      const cached = cache.get(uri);
      if (cached?.source === version) return cached;
      // A host that can't index can't unpack either; but it reads larger ones, which the client fetches for it.
      const canIndex = runtime.openCapture !== undefined;
      if (isPacked(uri) && !canIndex) return isWanted || isPackedLog(uri) ? "large" : undefined;
      const head = await runtime.readText(uri, headBytes);
      if (head === undefined) return "unreadable";
      if (!(looksLikeDump(head) || looksLikeCapture(head) || looksLikeSettings(head))) return undefined;
      if (isPacked(uri) || size > (canIndex ? largestWhole : largestFetched)) return "large";
      const text = await runtime.readText(uri, size);
      return text === undefined
        ? "unreadable"
        : inSlices(
            read(uri, version, () => text),
            check,
          );
    },

    forget(folder) {
      for (const uri of [...cache.keys()]) if (folderOf(uri) === folder) cache.delete(uri);
    },

    setCiliumVersion(version) {
      ciliumVersion = version;
      cache.clear();
    },
  };
}

import { type Analysis, analyse, type NodeAnalysis } from "../core/analyse.js";
import {
  folderOf,
  isRecognised,
  LineIndex,
  looksLikeCapture,
  looksLikeDump,
  type Place,
  type ReadFile,
  readFile,
} from "../core/index.js";
import type { FileEntry, Runtime } from "./runtime.js";

/** Files beside a document that are larger are left to the command line. */
const largestNeighbour = 20 * 1024 * 1024;
/** How much of a file is read to recognise it. */
const headBytes = 16 * 1024;

/** An open document, as the editor has it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly getText: () => string;
}

/** A file of a case as it was last read, with what is needed to talk to the editor about it. */
export interface KnownFile {
  readonly read: ReadFile;
  readonly lines: LineIndex;
}

/** The analysed files of one folder. */
export interface AnalysedCase {
  readonly folder: string;
  readonly files: ReadonlyMap<string, KnownFile>;
  readonly analysis: Analysis;
  /** Another number after every analysis. */
  readonly revision: number;
  /** Neighbours that were not read, and why, a sentence each. */
  readonly unread: readonly string[];
}

interface CachedFile extends KnownFile {
  readonly version: string;
}

/** Keeps the case of every folder with an open document analysed: documents as the editor has them, their neighbours as on disk. */
export class CaseStore {
  readonly #runtime: Runtime;
  readonly #documents: () => readonly OpenDocument[];
  readonly #cache = new Map<string, CachedFile>();
  #revision = 0;
  readonly #cases = new Map<string, Promise<AnalysedCase>>();

  constructor(runtime: Runtime, documents: () => readonly OpenDocument[]) {
    this.#runtime = runtime;
    this.#documents = documents;
  }

  /** The case a document belongs to; analysed anew only if something of it changed. */
  caseOf(uri: string): Promise<AnalysedCase> {
    const folder = folderOf(uri);
    const known = this.#cases.get(folder);
    if (known) return known;
    const analysed = this.#analyse(folder);
    this.#cases.set(folder, analysed);
    return analysed;
  }

  /** Forgets what was concluded from a document's folder, because something in it changed. */
  invalidate(uri: string): void {
    const folder = folderOf(uri);
    this.#cases.delete(folder);
    if (this.#documents().some((document) => folderOf(document.uri) === folder)) return;
    for (const file of [...this.#cache.keys()]) if (folderOf(file) === folder) this.#cache.delete(file);
  }

  async #analyse(folder: string): Promise<AnalysedCase> {
    const open = this.#documents().filter((document) => folderOf(document.uri) === folder);
    const isOpen = new Set(open.map(({ uri }) => uri));
    const files = new Map<string, KnownFile>();
    const unread: string[] = [];
    for (const document of open) {
      files.set(
        document.uri,
        this.#remember(document.uri, `open ${document.version}`, () => document.getText()),
      );
    }
    for (const entry of await this.#runtime.listFolder(folder)) {
      if (isOpen.has(entry.uri)) continue;
      const neighbour = await this.#readNeighbour(entry);
      if (typeof neighbour === "string") unread.push(neighbour);
      else if (neighbour) files.set(entry.uri, neighbour);
    }
    // Open documents are kept even where nothing was recognised in them: what was said of them before must be taken back.
    for (const [uri, { read }] of files) if (!isOpen.has(uri) && !isRecognised(read)) files.delete(uri);
    const analysis = analyse([...files.values()].map(({ read }) => read));
    return { folder, files, analysis, revision: ++this.#revision, unread };
  }

  #remember(uri: string, version: string, getText: () => string): CachedFile {
    const cached = this.#cache.get(uri);
    if (cached?.version === version) return cached;
    const text = getText();
    const known = { version, read: readFile({ file: uri, text }), lines: new LineIndex(text) };
    this.#cache.set(uri, known);
    return known;
  }

  async #readNeighbour({ uri, size, version }: FileEntry): Promise<CachedFile | string | undefined> {
    const cached = this.#cache.get(uri);
    if (cached?.version === version) return cached;
    const head = await this.#runtime.readText(uri, headBytes);
    if (head === undefined || !(looksLikeDump(head) || looksLikeCapture(head))) return undefined;
    if (size > largestNeighbour) {
      return `${uri.slice(uri.lastIndexOf("/") + 1)} is too large to be read beside the open files; use the packetwalk command for it.`;
    }
    const text = await this.#runtime.readText(uri, size);
    return text === undefined ? undefined : this.#remember(uri, version, () => text);
  }
}

/** The node of a case that a file belongs to. */
export function nodeOfFile(analysed: AnalysedCase, uri: string): NodeAnalysis | undefined {
  return analysed.analysis.nodes.find(({ node }) => node.files.some(({ file }) => file === uri));
}

/** The text of a place in a case. */
export function textOf(analysed: AnalysedCase, place: Place): string {
  return analysed.files.get(place.file)?.read.text.slice(place.start, place.end) ?? "";
}

import { type Analysis, analyse, type NodeAnalysis } from "../core/analyse.js";
import {
  analyseLargeCase,
  folderOf,
  type IndexedCapture,
  isRecognised,
  type LargeCase,
  type Levels,
  LineIndex,
  looksLikeCapture,
  looksLikeDump,
  openLargeCase,
  type Place,
  type ReadFile,
  readFile,
} from "../core/index.js";
import type { LargeFiles } from "./largeFiles.js";
import { partFiles } from "./partFiles.js";
import type { FileEntry, Runtime } from "./runtime.js";

/** Captures beside a document that are larger are indexed instead of being read as text. */
const largestNeighbour = 20 * 1024 * 1024;
/** How much of a file is read to recognise it. */
const headBytes = 16 * 1024;

/** An open document, as the editor has it. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly getText: () => string;
}

/** Leads from offsets in a text to positions of its file, as the Language Server Protocol counts them. */
export type Positions = Pick<LineIndex, "position">;

/** A file of a case as it was last read, with what is needed to talk to the editor about it. Of a large capture only an excerpt is read. */
export interface KnownFile {
  readonly read: ReadFile;
  readonly lines: Positions;
}

/** The files that places are in, by their names. */
export interface FilesOfCase {
  readonly files: ReadonlyMap<string, KnownFile>;
}

/** The analysed files of one folder. */
export interface AnalysedCase extends FilesOfCase {
  readonly folder: string;
  readonly analysis: Analysis;
  /** Another number after every analysis. */
  readonly revision: number;
  /** Neighbours that were not read, and why, a sentence each. */
  readonly unread: readonly string[];
  /** Where captures are too large to be read whole: `analysis` is then about some of their packets. */
  readonly large?: LargeCase;
}

interface CachedFile extends KnownFile {
  readonly version: string;
}

/** Keeps the case of every folder with an open document analysed: documents as the editor has them, their neighbours as on disk. */
export class CaseStore {
  readonly #runtime: Runtime;
  readonly #largeFiles: LargeFiles;
  readonly #documents: () => readonly OpenDocument[];
  readonly #cache = new Map<string, CachedFile>();
  #revision = 0;
  #ciliumVersion: number | undefined;
  #levels: Levels = {};
  readonly #cases = new Map<string, Promise<AnalysedCase>>();

  constructor(runtime: Runtime, largeFiles: LargeFiles, documents: () => readonly OpenDocument[]) {
    this.#runtime = runtime;
    this.#largeFiles = largeFiles;
    this.#documents = documents;
  }

  /**
   * Sets the version of Cilium that printed all captures, a minor number of 1.x; `undefined`: each capture tells. Answers whether that
   * is another one than before; then everything is read anew.
   */
  setCiliumVersion(version: number | undefined): boolean {
    if (version === this.#ciliumVersion) return false;
    this.#ciliumVersion = version;
    this.#cache.clear();
    this.#cases.clear();
    return true;
  }

  /** Sets the levels of findings by their codes. Answers whether they are others than before; then all is analysed anew. */
  setLevels(levels: Levels): boolean {
    if (JSON.stringify(levels) === JSON.stringify(this.#levels)) return false;
    this.#levels = levels;
    this.#cases.clear();
    return true;
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
    this.#largeFiles.forget(folder);
  }

  async #analyse(folder: string): Promise<AnalysedCase> {
    const open = this.#documents().filter((document) => folderOf(document.uri) === folder);
    const isOpen = new Set(open.map(({ uri }) => uri));
    const files = new Map<string, KnownFile>();
    const unread: string[] = [];
    const captures: IndexedCapture[] = [];
    for (const document of open) {
      files.set(
        document.uri,
        this.#remember(document.uri, `open ${document.version}`, () => document.getText()),
      );
    }
    for (const entry of await this.#runtime.listFolder(folder)) {
      if (isOpen.has(entry.uri)) continue;
      const neighbour = await this.#readNeighbour(entry);
      if (neighbour === "large") {
        const { capture, sentence } = this.#largeFiles.look(entry);
        if (capture) captures.push(capture);
        if (sentence !== undefined) unread.push(sentence);
      } else if (neighbour) files.set(entry.uri, neighbour);
    }
    // Open documents are kept even where nothing was recognised in them: what was said of them before must be taken back.
    for (const [uri, { read }] of files) if (!isOpen.has(uri) && !isRecognised(read)) files.delete(uri);
    const read = [...files.values()].map((file) => file.read);
    const known = { folder, revision: ++this.#revision, unread };
    if (captures.length === 0) return { ...known, files, analysis: analyse(read, { levels: this.#levels }) };
    const large = openLargeCase({
      files: read,
      captures,
      order: [...files.keys(), ...captures.map(({ file }) => file)],
      levels: this.#levels,
      ...(this.#ciliumVersion !== undefined && { ciliumVersion: this.#ciliumVersion }),
    });
    const part = analyseLargeCase(large);
    return { ...known, files: partFiles(part, captures, files), analysis: part.analysis, large };
  }

  #remember(uri: string, version: string, getText: () => string): CachedFile {
    const cached = this.#cache.get(uri);
    if (cached?.version === version) return cached;
    const text = getText();
    const known = { version, read: this.#read(uri, text), lines: new LineIndex(text) };
    this.#cache.set(uri, known);
    return known;
  }

  #read(file: string, text: string): ReadFile {
    return readFile({ file, text, ...(this.#ciliumVersion !== undefined && { ciliumVersion: this.#ciliumVersion }) });
  }

  async #readNeighbour({ uri, size, version }: FileEntry): Promise<CachedFile | "large" | undefined> {
    const cached = this.#cache.get(uri);
    if (cached?.version === version) return cached;
    const head = await this.#runtime.readText(uri, headBytes);
    if (head === undefined || !(looksLikeDump(head) || looksLikeCapture(head))) return undefined;
    if (size > largestNeighbour) return "large";
    const text = await this.#runtime.readText(uri, size);
    return text === undefined ? undefined : this.#remember(uri, version, () => text);
  }
}

/** The node of a case that a file belongs to. */
export function nodeOfFile(analysed: AnalysedCase, uri: string): NodeAnalysis | undefined {
  return analysed.analysis.nodes.find(({ node }) => node.files.some(({ file }) => file === uri));
}

/** The text of a place in a case. */
export function textOf(analysed: FilesOfCase, place: Place): string {
  return analysed.files.get(place.file)?.read.text.slice(place.start, place.end) ?? "";
}

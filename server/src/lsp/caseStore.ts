import { type Analysis, analyse, type NodeAnalysis } from "../core/analyse.js";
import {
  analyseLargeCase,
  createNames,
  folderOf,
  type IndexedCapture,
  isRecognised,
  type LargeCase,
  type Levels,
  looksLikeCapture,
  openLargeCase,
  type Place,
} from "../core/index.js";
import { compiledScanner } from "../scanner/compiledScanner.js";
import { type ChunkedText, sliceOf } from "./document/chunkedText.js";
import { createDocumentReader, type DocumentReader } from "./document/documentReader.js";
import type { OpenDocument } from "./document/openDocument.js";
import { inSlices, pause } from "./inSlices.js";
import type { LargeFiles } from "./largeFiles.js";
import { partFiles } from "./partFiles.js";
import type { Runtime } from "./runtime.js";
import { unreadSentence } from "./unreadSentence.js";
import { createWholeFiles, headBytes, type KnownFile, largestWhole, type WholeFiles } from "./wholeFiles.js";

/** How long changes must rest before what was superseded is analysed again, ms. */
const rest = 100;

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

/** The answer to a request is of no use any more: what it was asked about has changed. */
export class Superseded extends Error {}

/** A case that is or was analysed, and the way to stop that. */
interface RunningCase {
  readonly analysed: Promise<AnalysedCase>;
  /** What came of it, once it is there. */
  result?: AnalysedCase;
  readonly stop: AbortController;
}

/** Keeps the case of every folder with an open document analysed: documents as the editor has them, their neighbours as on disk. */
export class CaseStore {
  readonly #runtime: Runtime;
  readonly #largeFiles: LargeFiles;
  readonly #documents: () => readonly OpenDocument[];
  readonly #wholeFiles: WholeFiles;
  #revision = 0;
  #changes = 0;
  #ciliumVersion: number | undefined;
  #levels: Levels = {};
  readonly #cases = new Map<string, RunningCase>();
  readonly #readers = new Map<string, DocumentReader>();
  /** The last analysis of each folder, from which the next one takes over what did not change. */
  readonly #analyses = new Map<string, Analysis>();

  constructor(runtime: Runtime, largeFiles: LargeFiles, documents: () => readonly OpenDocument[]) {
    this.#runtime = runtime;
    this.#wholeFiles = createWholeFiles(runtime);
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
    this.#wholeFiles.setCiliumVersion(version);
    this.#forgetCases();
    return true;
  }

  /** Sets the levels of findings by their codes. Answers whether they are others than before; then all is analysed anew. */
  setLevels(levels: Levels): boolean {
    if (JSON.stringify(levels) === JSON.stringify(this.#levels)) return false;
    this.#levels = levels;
    this.#forgetCases();
    return true;
  }

  /**
   * The case a document belongs to; analysed anew only if something of it changed. If it changes meanwhile, the newer case.
   *
   * @param isWanted whether the answer is still waited for
   * @throws Superseded if the case changes meanwhile and the answer is not waited for any more
   */
  async caseOf(uri: string, isWanted: () => boolean = () => true): Promise<AnalysedCase> {
    const folder = folderOf(uri);
    for (;;) {
      const running = this.#cases.get(folder) ?? this.#start(folder);
      const known = await running.analysed.catch((error: unknown) => {
        if (!running.stop.signal.aborted) throw error;
        if (!isWanted()) throw new Superseded();
      });
      if (known) return known;
      await this.#rest();
    }
  }

  /** Waits until nothing changes for a while: what is analysed amid changes is analysed in vain. */
  async #rest(): Promise<void> {
    for (let before = -1; before !== this.#changes; ) {
      before = this.#changes;
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }

  /** The case a document belongs to, if it is analysed as it is now. */
  knownCase(uri: string): AnalysedCase | undefined {
    return this.#cases.get(folderOf(uri))?.result;
  }

  /** The reader of an open document that is too large to be read whole; `undefined` for any other. */
  readerOf({ uri, text }: OpenDocument): DocumentReader | undefined {
    if (text.length <= largestWhole || !looksLikeCapture(sliceOf(text, 0, headBytes))) return undefined;
    const reader = this.#readers.get(uri) ?? createDocumentReader(uri, compiledScanner(createNames()));
    this.#readers.set(uri, reader);
    return reader;
  }

  /** Forgets what was concluded from a document's folder, because something in it changed. */
  invalidate(uri: string): void {
    const folder = folderOf(uri);
    this.#changes++;
    this.#cases.get(folder)?.stop.abort();
    this.#cases.delete(folder);
    const open = this.#documents().filter((document) => folderOf(document.uri) === folder);
    for (const each of this.#readers.keys()) {
      if (folderOf(each) === folder && !open.some((document) => document.uri === each)) this.#readers.delete(each);
    }
    if (open.length > 0) return;
    this.#wholeFiles.forget(folder);
    this.#analyses.delete(folder);
    this.#largeFiles.forget(folder);
  }

  #forgetCases(): void {
    for (const { stop } of this.#cases.values()) stop.abort();
    this.#cases.clear();
  }

  #start(folder: string): RunningCase {
    const stop = new AbortController();
    const running: RunningCase = { analysed: this.#analyse(folder, stop.signal), stop };
    this.#cases.set(folder, running);
    running.analysed.then(
      (result) => {
        running.result = result;
      },
      () => {},
    );
    return running;
  }

  /** @throws the signal's reason, if it is aborted */
  async #analyse(folder: string, signal: AbortSignal): Promise<AnalysedCase> {
    const open = this.#documents().filter((document) => folderOf(document.uri) === folder);
    const isOpen = new Set(open.map(({ uri }) => uri));
    const files = new Map<string, KnownFile>();
    const unread: string[] = [];
    const captures: IndexedCapture[] = [];
    for (const document of open) {
      const reader = this.readerOf(document);
      if (reader) captures.push(await readWhole(reader, document.text, signal));
      else files.set(document.uri, this.#wholeFiles.ofDocument(document));
    }
    for (const entry of await this.#runtime.listFolder(folder)) {
      if (isOpen.has(entry.uri)) continue;
      const isWanted = this.#largeFiles.isWanted(entry.uri);
      const neighbour = await this.#wholeFiles.ofNeighbour(entry, isWanted);
      if (neighbour === "large") {
        const { capture, sentence } = this.#largeFiles.look(entry);
        if (capture) captures.push(capture);
        if (sentence !== undefined) unread.push(sentence);
      } else if (typeof neighbour === "object") files.set(entry.uri, neighbour);
      else {
        const sentence = unreadSentence(entry, neighbour !== "unreadable", isWanted);
        if (sentence !== undefined) unread.push(sentence);
      }
    }
    signal.throwIfAborted();
    // Open documents are kept even where nothing was recognised in them: what was said of them before must be taken back.
    for (const [uri, { read }] of files) if (!isOpen.has(uri) && !isRecognised(read)) files.delete(uri);
    const read = [...files.values()].map((file) => file.read);
    const known = { folder, revision: ++this.#revision, unread };
    if (captures.length === 0) {
      const analysis = analyse(read, { levels: this.#levels, before: this.#analyses.get(folder) });
      this.#analyses.set(folder, analysis);
      return { ...known, files, analysis };
    }
    const large = openLargeCase({
      files: read,
      captures,
      order: [...files.keys(), ...captures.map(({ file }) => file)],
      levels: this.#levels,
      ...(this.#ciliumVersion !== undefined && { ciliumVersion: this.#ciliumVersion }),
    });
    await pause();
    signal.throwIfAborted();
    const part = analyseLargeCase(large);
    return { ...known, files: partFiles(part, captures, files), analysis: part.analysis, large };
  }
}

/** Reads a document that is a large capture, a little at a time. */
async function readWhole(reader: DocumentReader, text: ChunkedText, signal: AbortSignal): Promise<IndexedCapture> {
  await inSlices(() => reader.readNext(text), signal);
  const capture = reader.capture(text);
  await pause();
  signal.throwIfAborted();
  return capture;
}

/** The node of a case that a file belongs to. */
export function nodeOfFile(analysed: AnalysedCase, uri: string): NodeAnalysis | undefined {
  return analysed.analysis.nodes.find(({ node }) => node.files.some(({ file }) => file === uri));
}

/** The text of a place in a case. */
export function textOf(analysed: FilesOfCase, place: Place): string {
  return analysed.files.get(place.file)?.read.text.slice(place.start, place.end) ?? "";
}

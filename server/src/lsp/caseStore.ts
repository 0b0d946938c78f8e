import {
  type Analysis,
  analyseBeside,
  analysisSteps,
  createNames,
  folderOf,
  type IndexedCapture,
  isRecognised,
  type LargeCase,
  type Levels,
  largeAnalysisSteps,
  looksLikeCapture,
  type NodeAnalysis,
  openingSteps,
  type Place,
  type ReadFile,
  type Steps,
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

/** An analysis that takes no longer begins with every change, ms. */
const quick = 40;

/** How long changes rest at most before their case is analysed again, ms. */
const longestRest = 150;

/** The files that places are in, by their names. */
export interface FilesOfCase {
  readonly files: ReadonlyMap<string, KnownFile>;
  /** Those of other cases, where something is said of them, too. */
  readonly filesBeside?: ReadonlyMap<string, KnownFile>;
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
  /** That, with what it has in common with nodes of other folders. */
  compared?: ComparedCase;
  readonly stop: AbortController;
}

interface ComparedCase {
  readonly beside: readonly AnalysedCase[];
  readonly analysed: AnalysedCase;
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
  /** How long the last analysis of each folder took, ms. */
  readonly #spent = new Map<string, number>();

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
      if (known) return this.#compare(running, known);
      await this.#rest(folder);
    }
  }

  /** Waits until nothing changes for a while: what is analysed amid changes is analysed in vain. */
  async #rest(folder: string): Promise<void> {
    for (let before = -1; before !== this.#changes; ) {
      before = this.#changes;
      await new Promise((resolve) => setTimeout(resolve, this.restOf(folder)));
    }
  }

  /** How long changes in a folder should rest before its case is analysed again, ms: longer where it takes longer. */
  restOf(folder: string): number {
    const spent = this.#spent.get(folder) ?? 0;
    return spent <= quick ? 0 : Math.min(spent, longestRest);
  }

  /** The case a document belongs to, if it is analysed as it is now. */
  knownCase(uri: string): AnalysedCase | undefined {
    const running = this.#cases.get(folderOf(uri));
    return running?.result && this.#compare(running, running.result);
  }

  /** The folders with open documents whose nodes may be of one cluster with those of a folder, as far as they are analysed: those beside it. */
  foldersBeside(folder: string): string[] {
    const parent = folderOf(folder);
    const open = new Set(this.#documents().map(({ uri }) => folderOf(uri)));
    return [...open].filter(
      (other) => other !== folder && folderOf(other) === parent && this.#cases.get(other)?.result,
    );
  }

  /** A case with what its nodes have in common with those of the folders beside it. */
  #compare(running: RunningCase, analysed: AnalysedCase): AnalysedCase {
    const beside = this.foldersBeside(analysed.folder).flatMap((folder) => this.#cases.get(folder)?.result ?? []);
    if (beside.length === 0) return analysed;
    const known = running.compared;
    const isSame = known?.beside.length === beside.length && known.beside.every((each, at) => each === beside[at]);
    if (known && isSame) return known.analysed;
    const others = beside.flatMap(({ analysis: { nodes } }) => nodes.map(({ node }) => node));
    const analysis = analyseBeside(analysed.analysis, others, this.#levels);
    const filesBeside = new Map(beside.flatMap(({ files }) => [...files]));
    running.compared = { beside, analysed: { ...analysed, analysis, filesBeside } };
    return running.compared.analysed;
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
    this.#spent.delete(folder);
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
    const check = () => signal.throwIfAborted();
    // The folder is read while the documents are.
    const listing = this.#runtime.listFolder(folder);
    const begun = performance.now();
    const open = this.#documents().filter((document) => folderOf(document.uri) === folder);
    const isOpen = new Set(open.map(({ uri }) => uri));
    const files = new Map<string, KnownFile>();
    const unread: string[] = [];
    const captures: IndexedCapture[] = [];
    for (const document of open) {
      const reader = this.readerOf(document);
      if (reader) captures.push(await readWhole(reader, document.text, check));
      else files.set(document.uri, await inSlices(this.#wholeFiles.ofDocument(document), check));
    }
    for (const entry of await listing) {
      if (isOpen.has(entry.uri)) continue;
      const isWanted = this.#largeFiles.isWanted(entry.uri);
      const neighbour = await this.#wholeFiles.ofNeighbour(entry, isWanted, check);
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
    check();
    // Open documents are kept even where nothing was recognised in them: what was said of them before must be taken back.
    for (const [uri, { read }] of files) if (!isOpen.has(uri) && !isRecognised(read)) files.delete(uri);
    const read = [...files.values()].map((file) => file.read);
    const known = { folder, revision: ++this.#revision, unread };
    if (captures.length === 0) {
      const steps = analysisSteps(read, { levels: this.#levels, before: this.#analyses.get(folder) });
      const analysis = await inSlices(steps, check);
      this.#analyses.set(folder, analysis);
      this.#spent.set(folder, performance.now() - begun);
      return { ...known, files, analysis };
    }
    const opening = openingSteps({
      files: read,
      captures,
      order: [...files.keys(), ...captures.map(({ file }) => file)],
      levels: this.#levels,
      ...(this.#ciliumVersion !== undefined && { ciliumVersion: this.#ciliumVersion }),
    });
    const large = await inSlices(opening, check);
    const part = await inSlices(largeAnalysisSteps(large), check);
    this.#spent.set(folder, performance.now() - begun);
    return { ...known, files: partFiles(part, captures, files), analysis: part.analysis, large };
  }
}

/** Reads a document that is a large capture, a little at a time. */
async function readWhole(reader: DocumentReader, text: ChunkedText, check: () => void): Promise<IndexedCapture> {
  await inSlices(readingSteps(reader, text), check);
  const capture = reader.capture(text);
  await pause();
  check();
  return capture;
}

function* readingSteps(reader: DocumentReader, text: ChunkedText): Steps<void> {
  while (reader.readNext(text)) yield;
}

/** The node of a case that a place in a file belongs to: a file may hold the events, or the dumps, of several. */
export function nodeAt({ analysis }: AnalysedCase, uri: string, offset: number): NodeAnalysis | undefined {
  const nodes = analysis.nodes.filter(({ node }) => node.files.some(({ file }) => file === uri));
  if (nodes.length < 2) return nodes[0];
  const isInside = ({ place }: { readonly place: Place }) => place.start <= offset && offset <= place.end;
  const holds = ({ file, events, transcript }: ReadFile) =>
    file === uri && (transcript.sections.some(isInside) || events.some(isInside));
  return nodes.find(({ node }) => node.files.some(holds)) ?? nodes[0];
}

/** A file that a place of a case is in. */
export function fileOf({ files, filesBeside }: FilesOfCase, { file }: Place): KnownFile | undefined {
  return files.get(file) ?? filesBeside?.get(file);
}

/** The text of a place in a case. */
export function textOf(analysed: FilesOfCase, place: Place): string {
  return fileOf(analysed, place)?.read.text.slice(place.start, place.end) ?? "";
}

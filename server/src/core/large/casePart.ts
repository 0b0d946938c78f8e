import { type AnalyseOptions, type Analysis, analysisSteps } from "../analyse.js";
import type { Packet } from "../capture/packet.js";
import { nodeNames } from "../case/nodeParts.js";
import { type ReadFile, readingSteps } from "../case/readFile.js";
import type { Trace } from "../path/trace.js";
import { packetAt } from "../scan/captureSegment.js";
import { type Excerpt, offsetOf, pieceAt } from "../scan/excerpt.js";
import { withNeighbours } from "../scan/packetSelection.js";
import type { Span } from "../text/span.js";
import { allSteps, type Steps } from "../text/steps.js";
import type { IndexedCapture } from "./indexedCapture.js";
import { limitOfNodes, limitsOfCapture } from "./limits.js";

/** The files of a case, those that were read whole and those that were indexed. */
export interface CaseFiles {
  readonly files: readonly ReadFile[];
  readonly captures: readonly IndexedCapture[];
  /** The names of all files, in the order in which they count. */
  readonly order: readonly string[];
  /** The version of Cilium that printed the captures, where the user says so. */
  readonly ciliumVersion?: number;
  /** Levels of findings by their codes, where they are not the default ones. */
  readonly levels?: AnalyseOptions["levels"];
}

/** Part of a large case as ordinary files, and the way back from their places. */
export interface CasePart {
  readonly files: readonly ReadFile[];
  readonly excerpts: ReadonlyMap<string, Excerpt>;
  /** Where in its file a position of an excerpt is, lines and columns from 0; `undefined` for a file that was read whole. */
  readonly placeInFile: (file: string, position: number) => FilePlace | undefined;
  /** The number that a packet of an excerpt has in its file; `undefined` for one of a file that was read whole. */
  readonly packetInFile: (packet: Packet) => number | undefined;
}

/** Part of a large case with all there is to say about it. */
export interface PartAnalysis extends CasePart {
  readonly analysis: Analysis;
}

/** A place in a large file. */
export interface FilePlace {
  /** In bytes. */
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Where the evidence of a capture stands: what shows its endpoints, its devices, what it reports at all, and what it holds beside packets. */
function evidencePlaces({ scanned, evidence, others }: IndexedCapture): Span[] {
  return [...evidence.places, ...(others?.places ?? scanned.others.map(({ place }) => place))];
}

/**
 * Reads some packets of each capture together with the node's evidence and its other files, as if the captures held nothing else.
 *
 * @param selections packets of each capture, from 0
 * @param limits what the selection of each capture leaves out, a sentence each
 */
export function readPart(
  caseFiles: CaseFiles,
  selections: readonly Iterable<number>[],
  limits: readonly (readonly string[])[] = [],
): CasePart {
  return allSteps(partSteps(caseFiles, selections, limits));
}

/** `readPart`, a capture at a time. */
export function* partSteps(
  { files, captures, order, ciliumVersion }: CaseFiles,
  selections: readonly Iterable<number>[],
  limits: readonly (readonly string[])[] = [],
): Steps<CasePart> {
  const excerpts: Excerpt[] = [];
  const read: ReadFile[] = [];
  for (const [index, capture] of captures.entries()) {
    const packets = withNeighbours(selections[index] ?? [], capture.joined, capture.conversations);
    const excerpt = capture.excerpt(packets, evidencePlaces(capture));
    yield;
    const { file, text } = excerpt;
    const version = ciliumVersion === undefined ? {} : { ciliumVersion };
    const part = yield* readingSteps({ file, text, isPart: true, ...version });
    const left = [...limitsOfCapture(capture), ...limitOfNodes(file, nodeNames(part.events)), ...(limits[index] ?? [])];
    excerpts.push(excerpt);
    read.push({ ...part, ...(left.length > 0 && { limits: left }) });
    yield;
  }
  const all = [...files, ...read].sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file));
  const byFile = new Map(excerpts.map((excerpt) => [excerpt.file, excerpt]));
  return {
    files: all,
    excerpts: byFile,
    placeInFile(file, position) {
      const excerpt = byFile.get(file);
      const capture = captures.find((each) => each.file === file);
      if (!excerpt || !capture) return undefined;
      const offset = offsetOf(excerpt, position);
      return { offset, ...capture.lineAt(offset) };
    },
    packetInFile(packet) {
      const excerpt = byFile.get(packet.file);
      const capture = captures.find(({ file }) => file === packet.file);
      const index = excerpt && capture && packetOfTrace({ packet }, capture, excerpt);
      return index === undefined ? undefined : index + 1;
    },
  };
}

/** Says all there is to say about some packets of each capture, from 0. Parameters are those of `readPart`. */
export function analysePart(
  caseFiles: CaseFiles,
  selections: readonly Iterable<number>[],
  limits: readonly (readonly string[])[] = [],
): PartAnalysis {
  return allSteps(partAnalysisSteps(caseFiles, selections, limits));
}

/** `analysePart`, a packet or a kind of finding at a time. */
export function* partAnalysisSteps(
  caseFiles: CaseFiles,
  selections: readonly Iterable<number>[],
  limits: readonly (readonly string[])[] = [],
): Steps<PartAnalysis> {
  const part = yield* partSteps(caseFiles, selections, limits);
  const { levels } = caseFiles;
  return { ...part, analysis: yield* analysisSteps(part.files, levels ? { levels } : {}) };
}

/** The packet of the whole capture that a trace of an excerpt is about, from 0; `undefined` if the join sees it otherwise there. */
export function packetOfTrace(
  { packet }: Pick<Trace, "packet">,
  { segments }: IndexedCapture,
  excerpt: Excerpt,
): number | undefined {
  const first = packet.events[0]?.event;
  const offset = first && excerpt.pieces[pieceAt(excerpt, first.place.start)]?.start;
  const found = offset === undefined ? -1 : packetAt(segments, offset);
  return found < 0 ? undefined : found;
}

import { type AnalyseOptions, type Analysis, analyse } from "../analyse.js";
import type { Packet } from "../capture/packet.js";
import { nodeNames } from "../case/nodeParts.js";
import { type ReadFile, readFile } from "../case/readFile.js";
import type { Trace } from "../path/trace.js";
import { type Excerpt, offsetOf, pieceAt } from "../scan/excerpt.js";
import { placeOfRow, withNeighbours } from "../scan/packetSelection.js";
import type { Span } from "../text/span.js";
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
  return [
    ...evidence.rows.map((row) => placeOfRow(scanned.columns, row)),
    ...(others?.places ?? scanned.others.map(({ place }) => place)),
  ];
}

/**
 * Reads some packets of each capture together with the node's evidence and its other files, as if the captures held nothing else.
 *
 * @param selections packets of each capture, from 0
 * @param limits what the selection of each capture leaves out, a sentence each
 */
export function readPart(
  { files, captures, order, ciliumVersion }: CaseFiles,
  selections: readonly Iterable<number>[],
  limits: readonly (readonly string[])[] = [],
): CasePart {
  const excerpts = captures.map((capture, index) => {
    const packets = withNeighbours(selections[index] ?? [], capture.joined, capture.conversations);
    return capture.excerpt(packets, evidencePlaces(capture));
  });
  const read = excerpts.map(({ file, text }, index): ReadFile => {
    const capture = captures[index];
    const part = readFile({ file, text, isPart: true, ...(ciliumVersion === undefined ? {} : { ciliumVersion }) });
    const left = [
      ...(capture ? limitsOfCapture(capture) : []),
      ...limitOfNodes(file, nodeNames(part.events)),
      ...(limits[index] ?? []),
    ];
    return {
      ...part,
      ...(left.length > 0 && { limits: left }),
    };
  });
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
  const part = readPart(caseFiles, selections, limits);
  const { levels } = caseFiles;
  return { ...part, analysis: analyse(part.files, levels ? { levels } : {}) };
}

/** The packet of the whole capture that a trace of an excerpt is about, from 0; `undefined` if the join sees it otherwise there. */
export function packetOfTrace(
  { packet }: Pick<Trace, "packet">,
  { scanned, joined }: IndexedCapture,
  excerpt: Excerpt,
): number | undefined {
  const first = packet.events[0]?.event;
  const offset = first && excerpt.pieces[pieceAt(excerpt, first.place.start)]?.start;
  const row = offset === undefined ? -1 : rowAt(scanned.columns.start, scanned.columns.length, offset);
  return row < 0 ? undefined : joined.packet[row];
}

/** The row whose event starts at an offset; -1 if none does. */
function rowAt(starts: Float64Array, length: number, offset: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return starts[low] === offset && low < length ? low : -1;
}

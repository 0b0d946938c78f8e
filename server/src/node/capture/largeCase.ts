import { type AnalyseOptions, type Analysis, analyse } from "../../core/analyse.js";
import type { Packet } from "../../core/capture/packet.js";
import { type CaseNode, folderOf } from "../../core/case/case.js";
import { type ReadFile, readFile } from "../../core/case/readFile.js";
import { statusOf } from "../../core/explain/explainPacket.js";
import type { Trace } from "../../core/path/trace.js";
import { type Excerpt, offsetOf, pieceAt } from "../../core/scan/excerpt.js";
import { type PacketClasses, packetClasses } from "../../core/scan/packetClasses.js";
import { placeOfRow, unansweredPackets, withNeighbours } from "../../core/scan/packetSelection.js";
import { mergeNode } from "../../core/state/mergeNode.js";
import type { NodeState } from "../../core/state/nodeState.js";
import type { Span } from "../../core/text/span.js";
import type { OpenCapture } from "./openCapture.js";

export type PacketStatus = ReturnType<typeof statusOf>;

/** The files of a case, those that were read whole and those that were indexed. */
export interface CaseFiles {
  readonly files: readonly ReadFile[];
  readonly captures: readonly OpenCapture[];
  /** The names of all files, in the order in which they count. */
  readonly order: readonly string[];
  /** The version of Cilium that printed the captures, where the user says so. */
  readonly ciliumVersion?: number;
  /** Levels of findings by their codes, where they are not the default ones. */
  readonly levels?: AnalyseOptions["levels"];
}

/** A case with captures that are too large to be read whole. */
export interface LargeCase extends CaseFiles {
  readonly captures: readonly LargeCapture[];
}

/** A large capture with what became of each of its packets. */
export interface LargeCapture extends OpenCapture {
  readonly classes: PacketClasses;
  /** By class: how the walks of its packets end. */
  readonly statuses: readonly PacketStatus[];
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

/** Events without a packet that are taken into an excerpt: losses, verdicts, agent messages. */
const mostOthers = 5000;

/** Classes of which a packet is walked; there are hardly ever more than some hundred. */
const mostClasses = 20_000;

/** Where the evidence of a capture stands: what shows its endpoints, its devices, what it reports at all, where it lost events. */
function evidencePlaces({ scanned, evidence }: OpenCapture): Span[] {
  return [
    ...evidence.rows.map((row) => placeOfRow(scanned.columns, row)),
    ...scanned.others.slice(0, mostOthers).map(({ place }) => place),
  ];
}

/**
 * Reads some packets of each capture together with the node's evidence and its other files, as if the captures held nothing else.
 *
 * @param selections packets of each capture, from 0
 */
export function readPart(
  { files, captures, order, ciliumVersion }: CaseFiles,
  selections: readonly Iterable<number>[],
): CasePart {
  const excerpts = captures.map((capture, index) => {
    const packets = withNeighbours(selections[index] ?? [], capture.joined, capture.conversations);
    return capture.excerpt(packets, evidencePlaces(capture));
  });
  const read = excerpts.map(({ file, text }) =>
    readFile({ file, text, ...(ciliumVersion === undefined ? {} : { ciliumVersion }) }),
  );
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

/** Says all there is to say about some packets of each capture, from 0. */
export function analysePart(caseFiles: CaseFiles, selections: readonly Iterable<number>[]): PartAnalysis {
  const part = readPart(caseFiles, selections);
  const { levels } = caseFiles;
  return { ...part, analysis: analyse(part.files, levels ? { levels } : {}) };
}

/** The packet of the whole capture that a trace of an excerpt is about, from 0; `undefined` if the join sees it otherwise there. */
export function packetOfTrace(
  { packet }: Pick<Trace, "packet">,
  { scanned, joined }: OpenCapture,
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

function tracesOf({ analysis }: PartAnalysis): readonly Trace[] {
  return analysis.nodes.flatMap(({ node }) => node.traces);
}

/** What the dumps beside a capture say, which are those of its node. */
function stateBeside(capture: OpenCapture, files: readonly ReadFile[]): NodeState {
  const folder = folderOf(capture.file);
  const beside = files.filter(({ file }) => folderOf(file) === folder);
  return mergeNode(
    folder,
    beside.map(({ transcript }) => transcript),
  );
}

/** Sorts the packets of captures into classes and walks one of each. */
export function openLargeCase(caseFiles: CaseFiles): LargeCase {
  const { files, captures } = caseFiles;
  const classes = captures.map((capture) => {
    const { scanned, joined, evidence, conversations } = capture;
    const state = stateBeside(capture, files);
    return packetClasses(scanned.columns, joined, scanned.names, state, evidence, conversations);
  });
  const part = analysePart(
    caseFiles,
    classes.map(({ representatives }) => representatives.slice(0, mostClasses)),
  );
  const statuses = classes.map(({ representatives }) => representatives.map((): PacketStatus => "unknown"));
  for (const trace of tracesOf(part)) {
    const index = captures.findIndex(({ file }) => file === trace.packet.file);
    const capture = captures[index];
    const excerpt = part.excerpts.get(trace.packet.file);
    const packet = capture && excerpt && packetOfTrace(trace, capture, excerpt);
    const found = packet === undefined ? undefined : classes[index]?.classOf[packet];
    const own = statuses[index];
    if (own && found !== undefined && classes[index]?.representatives[found] === packet) own[found] = statusOf(trace);
  }
  return {
    ...caseFiles,
    captures: captures.map((capture, index) => ({
      ...capture,
      classes: classes[index] ?? { classOf: new Uint32Array(), representatives: [] },
      statuses: statuses[index] ?? [],
    })),
  };
}

/** The packets of a capture with one of these statuses, in order of first appearance, from 0. */
export function packetsWithStatus({ classes, statuses }: LargeCapture, status: PacketStatus): number[] {
  const found: number[] = [];
  for (let packet = 0; packet < classes.classOf.length; packet++) {
    if (statuses[classes.classOf[packet] ?? 0] === status) found.push(packet);
  }
  return found;
}

/** Packets that are analysed one by one at most, of each capture: what can be read, and held in memory. */
export const mostAnalysed = 50_000;

/** What there is to say of a large case: of all packets that went astray or got no answer, and of one of each class of the others. */
export function analyseLargeCase(large: LargeCase): PartAnalysis {
  return analysePart(
    large,
    large.captures.map((capture) => [
      ...capture.classes.representatives.slice(0, mostClasses),
      ...packetsWithStatus(capture, "broken").slice(0, mostAnalysed),
      ...unansweredPackets(capture.joined, capture.conversations, mostAnalysed),
    ]),
  );
}

/** How many packets a node has, and how many of them went astray. */
export interface PacketCounts {
  readonly all: number;
  readonly broken: number;
}

/**
 * Counts all packets of a node, also those that an analysis of some packets leaves out; `undefined` for a node without a large capture.
 *
 * @param node the node as `analyseLargeCase` gives it
 */
export function countPackets({ captures }: LargeCase, { files, traces }: CaseNode): PacketCounts | undefined {
  const own = captures.filter((capture) => files.some(({ file }) => file === capture.file));
  if (own.length === 0) return undefined;
  const small = traces.filter(({ packet }) => !own.some(({ file }) => file === packet.file));
  return {
    all: own.reduce((sum, { joined }) => sum + joined.count, small.length),
    broken: own.reduce(
      (sum, capture) => sum + packetsWithStatus(capture, "broken").length,
      small.filter((trace) => statusOf(trace) === "broken").length,
    ),
  };
}

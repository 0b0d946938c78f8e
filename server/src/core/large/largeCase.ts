import { type CaseNode, folderOf } from "../case/case.js";
import type { ReadFile } from "../case/readFile.js";
import { statusOf } from "../explain/packet/explainPacket.js";
import type { Trace } from "../path/trace.js";
import { type PacketClasses, packetClasses } from "../scan/packetClasses.js";
import { unansweredPackets } from "../scan/packetSelection.js";
import { mergeNode } from "../state/mergeNode.js";
import type { NodeState } from "../state/nodeState.js";
import { analysePart, type CaseFiles, type PartAnalysis, packetOfTrace } from "./casePart.js";
import type { IndexedCapture } from "./indexedCapture.js";

export type PacketStatus = ReturnType<typeof statusOf>;

/** A case with captures that are too large to be read whole. */
export interface LargeCase extends CaseFiles {
  readonly captures: readonly LargeCapture[];
}

/** A large capture with what became of each of its packets. */
export interface LargeCapture extends IndexedCapture {
  readonly classes: PacketClasses;
  /** By class: how the walks of its packets end. */
  readonly statuses: readonly PacketStatus[];
}

/** Classes of which a packet is walked; there are hardly ever more than some hundred. */
const mostClasses = 20_000;

function tracesOf({ analysis }: PartAnalysis): readonly Trace[] {
  return analysis.nodes.flatMap(({ node }) => node.traces);
}

/** What the dumps beside a capture say, which are those of its node. */
function stateBeside(capture: IndexedCapture, files: readonly ReadFile[]): NodeState {
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

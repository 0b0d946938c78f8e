import { type CaseNode, caseSteps, folderOf } from "../case/case.js";
import type { ReadFile } from "../case/readFile.js";
import { statusOf } from "../explain/packet/explainPacket.js";
import type { PacketStatus } from "../explain/packet/listPackets.js";
import { readTranscript } from "../iproute/readTranscript.js";
import { type PacketClasses, packetClasses } from "../scan/packetClasses.js";
import { unansweredPackets } from "../scan/packetSelection.js";
import { mergeNode } from "../state/mergeNode.js";
import type { NodeState } from "../state/nodeState.js";
import { allSteps, type Steps } from "../text/steps.js";
import { caseKey } from "./caseKey.js";
import { type CaseFiles, type PartAnalysis, packetOfTrace, partAnalysisSteps, partSteps } from "./casePart.js";
import type { ClassedPackets, IndexedCapture } from "./indexedCapture.js";
import { limitOfClasses, limitOfPackets } from "./limits.js";

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

/** What the dumps beside a capture say, and those in it, which are those of its node. */
function stateBeside(capture: IndexedCapture, files: readonly ReadFile[], order: readonly string[]): NodeState {
  const folder = folderOf(capture.file);
  const own = capture.others?.places.length
    ? readTranscript(capture.file, capture.excerpt([], capture.others.places).text)
    : undefined;
  const transcripts = files
    .filter(({ file }) => folderOf(file) === folder)
    .map(({ file, transcript }) => ({ file, transcript }));
  return mergeNode(
    folder,
    [...transcripts, ...(own ? [{ file: capture.file, transcript: own }] : [])]
      .sort((a, b) => order.indexOf(a.file) - order.indexOf(b.file))
      .map(({ transcript }) => transcript),
  );
}

function walkedOf({ representatives }: PacketClasses): readonly number[] {
  return representatives.slice(0, mostClasses);
}

/** Sorts the packets of captures into classes and walks one of each. */
function* classify(caseFiles: CaseFiles): Steps<ClassedPackets[]> {
  const { files, captures, order } = caseFiles;
  const classes: PacketClasses[] = [];
  for (const capture of captures) {
    const state = stateBeside(capture, files, order);
    yield;
    classes.push(packetClasses({ ...capture, names: capture.scanned.names }, state));
    yield;
  }
  const part = yield* partSteps(caseFiles, classes.map(walkedOf));
  const { nodes } = yield* caseSteps(part.files);
  const statuses = classes.map(({ representatives }) => representatives.map((): PacketStatus => "unknown"));
  for (const trace of nodes.flatMap(({ traces }) => traces)) {
    const index = captures.findIndex(({ file }) => file === trace.packet.file);
    const capture = captures[index];
    const excerpt = part.excerpts.get(trace.packet.file);
    const packet = capture && excerpt && packetOfTrace(trace, capture, excerpt);
    const found = packet === undefined ? undefined : classes[index]?.classOf[packet];
    const own = statuses[index];
    if (own && found !== undefined && classes[index]?.representatives[found] === packet) own[found] = statusOf(trace);
  }
  return classes.map((each, index) => ({ ...each, statuses: statuses[index] ?? [] }));
}

/** The classes that were kept of this very case; `undefined` if those of a capture are missing. */
function keptClasses(captures: readonly IndexedCapture[], key: string): ClassedPackets[] | undefined {
  const kept = captures.flatMap(({ classStore }) => classStore?.read(key) ?? []);
  return kept.length === captures.length ? kept : undefined;
}

/** Sorts the packets of captures into classes and walks one of each, or takes what was kept of that. */
export function openLargeCase(caseFiles: CaseFiles): LargeCase {
  return allSteps(openingSteps(caseFiles));
}

/** `openLargeCase`, a packet at a time. */
export function* openingSteps(caseFiles: CaseFiles): Steps<LargeCase> {
  const { captures } = caseFiles;
  const key = captures.some(({ classStore }) => classStore) ? caseKey(caseFiles) : "";
  const kept = keptClasses(captures, key);
  const classed = kept ?? (yield* classify(caseFiles));
  const opened = captures.flatMap((capture, index): LargeCapture[] => {
    const own = classed[index];
    if (!own) return [];
    if (!kept) void capture.classStore?.keep(key, own);
    return [{ ...capture, classes: own, statuses: own.statuses }];
  });
  return { ...caseFiles, captures: opened };
}

/** How the walk of a packet of a large capture ends, as its class tells; packets are counted from 0. */
export function statusIn({ statuses, classes }: LargeCapture, packet: number): PacketStatus {
  return statuses[classes.classOf[packet] ?? 0] ?? "unknown";
}

/** The packets of a capture with one of these statuses, in order of first appearance, from 0. */
export function packetsWithStatus({ classes, statuses }: LargeCapture, status: PacketStatus): number[] {
  const found: number[] = [];
  for (let packet = 0; packet < classes.classOf.length; packet++) {
    if (statuses[classes.classOf[packet] ?? 0] === status) found.push(packet);
  }
  return found;
}

/** How many packets of a capture have this status. */
export function countWithStatus({ classes, statuses }: LargeCapture, status: PacketStatus): number {
  const isOf = Uint8Array.from(statuses, (each) => Number(each === status));
  return classes.classOf.reduce((count, each) => count + (isOf[each] ?? 0), 0);
}

/** Packets that are analysed one by one at most, of each capture: what can be read, and held in memory. */
export const mostAnalysed = 50_000;

/** Packets of a large capture that are analysed one by one, and what of it is left out by that, a sentence each. */
function choosePackets(capture: LargeCapture): { readonly packets: readonly number[]; readonly limits: string[] } {
  const { file, classes, joined, conversations } = capture;
  const kinds = classes.representatives.length;
  const broken = packetsWithStatus(capture, "broken");
  const unanswered = unansweredPackets(joined, conversations);
  const limits: string[] = [];
  if (kinds > mostClasses) {
    const beyond = classes.classOf.reduce((count, found) => count + Number(found >= mostClasses), 0);
    limits.push(limitOfClasses(file, mostClasses, kinds, beyond));
  }
  if (broken.length > mostAnalysed) limits.push(limitOfPackets(file, mostAnalysed, broken.length, "went astray"));
  if (unanswered.length > mostAnalysed) {
    limits.push(limitOfPackets(file, mostAnalysed, unanswered.length, "got no answer"));
  }
  const packets = [
    ...walkedOf(classes),
    ...broken.slice(0, mostAnalysed),
    ...Array.from(unanswered.subarray(0, mostAnalysed)),
  ];
  return { packets, limits };
}

/** What there is to say of a large case: of all packets that went astray or got no answer, and of one of each class of the others. */
export function analyseLargeCase(large: LargeCase): PartAnalysis {
  return allSteps(largeAnalysisSteps(large));
}

/** `analyseLargeCase`, a packet or a kind of finding at a time. */
export function* largeAnalysisSteps(large: LargeCase): Steps<PartAnalysis> {
  const chosen = large.captures.map(choosePackets);
  yield;
  return yield* partAnalysisSteps(
    large,
    chosen.map(({ packets }) => packets),
    chosen.map(({ limits }) => limits),
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
      (sum, capture) => sum + countWithStatus(capture, "broken"),
      small.filter((trace) => statusOf(trace) === "broken").length,
    ),
  };
}

import {
  type AnalysedFinding,
  caseStory,
  explainFacts,
  explainTrace,
  type FactStory,
  type Fix,
  fixesAgainst,
  missingEvidence,
  type NodeAnalysis,
  type PacketCounts,
  rewalkPacket,
  type WalkStory,
} from "../../core/index.js";
import type { SourceMap } from "../output.js";

/** A fix, and what becomes of the packets that went astray when they are walked again with it. */
export interface RepairStory {
  readonly fix: Fix;
  readonly rewalked: readonly WalkStory[];
}

/** What was found, and what repairs it, best first. */
export interface CauseStory {
  readonly analysed: AnalysedFinding;
  readonly repairs: readonly RepairStory[];
}

/** All that there is to tell of a node; the one value that every format of `explain` prints. */
export interface NodeStory {
  readonly name: string;
  readonly packets: number;
  readonly brokenPackets: number;
  /** Of a large capture only some packets are walked: one of each kind, and those beside broken ones. */
  readonly isSample: boolean;
  readonly broken: readonly WalkStory[];
  readonly others: readonly WalkStory[];
  /** Errors and warnings, gravest first. */
  readonly causes: readonly CauseStory[];
  /** Informations and hints. */
  readonly remarks: readonly CauseStory[];
  readonly setUp: readonly FactStory[];
  /** What the files do not show, a sentence each. */
  readonly missing: readonly string[];
}

function repairsOf(analysis: NodeAnalysis, { finding, fixes }: AnalysedFinding, sources: SourceMap): RepairStory[] {
  const { node } = analysis;
  return fixes.map((fix) => ({
    fix,
    rewalked: node.traces
      .filter((trace) => trace.parting !== undefined && fixesAgainst(analysis, finding).includes(fix))
      .flatMap((trace) => rewalkPacket(node.context, trace, fix.state) ?? [])
      .map((trace) => explainTrace(trace, (place) => sources.text(place))),
  }));
}

/**
 * Gathers the story of a node.
 *
 * @param counts of the whole capture, where only some of its packets were walked
 */
export function nodeStory(analysis: NodeAnalysis, sources: SourceMap, counts: PacketCounts | undefined): NodeStory {
  const { node, findings } = analysis;
  const walks = caseStory(analysis, (place) => sources.text(place));
  const broken = walks.filter(({ status }) => status === "broken");
  const told = findings.map((analysed): CauseStory => {
    return { analysed, repairs: repairsOf(analysis, analysed, sources) };
  });
  const isCause = ({ analysed: { finding } }: CauseStory): boolean =>
    finding.severity === "error" || finding.severity === "warning";
  return {
    name: node.name,
    packets: counts?.all ?? walks.length,
    brokenPackets: counts?.broken ?? broken.length,
    isSample: counts !== undefined,
    broken,
    others: walks.filter(({ status }) => status !== "broken"),
    causes: told.filter(isCause),
    remarks: told.filter((each) => !isCause(each)),
    setUp: explainFacts(node),
    missing: missingEvidence(
      analysis,
      findings.map(({ finding }) => finding),
    ),
  };
}

/** The heading of a node's story. */
export function storyHeading({ name, packets, brokenPackets }: NodeStory): string {
  return `Node ${name}: ${packets} ${packets === 1 ? "packet" : "packets"}, ${brokenPackets} of them broken`;
}

/** The heading of the packets that are not broken. */
export function othersHeading({ isSample }: NodeStory): string {
  return isSample ? "Other packets, one of each kind and those beside broken ones" : "The other packets";
}

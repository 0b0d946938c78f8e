import {
  buildCase,
  explainPacket,
  type LargeCase,
  mayPass,
  type NodeAnalysis,
  type PacketStatus,
  packetOfTrace,
  passesFilter,
  readPart,
  segmentFinder,
  statusIn,
  type Trace,
  type TraceFilter,
} from "../core/index.js";
import type { AnalysedPaths } from "./analysePaths.js";
import { sourcesOf } from "./analysePaths.js";
import type { SourceMap } from "./output.js";

/** Which packets are asked for; absent options leave all. */
export interface PacketFilter extends TraceFilter {
  readonly broken?: boolean;
  /** Position in the list of `flows`, from 1. */
  readonly packet?: number;
}

/** A packet in the list of a case. */
export interface PacketRow {
  /** Position among all packets of the case, broken ones first. */
  readonly number: number;
  readonly node: string;
  readonly trace: Trace;
  readonly sources: SourceMap;
  /** The same packet as it is listed. */
  readonly listed: ListedPacket;
}

/** Packets of large captures that are walked together. */
const portion = 1000;

/** In the order of the list. */
const statuses: readonly PacketStatus[] = ["broken", "unknown", "ok"];

/** A packet of a case that is not walked yet, or one of a file that was read whole. */
export interface ListedPacket {
  /** Position among all packets of the case, broken ones first. */
  readonly number: number;
  readonly status: PacketStatus;
  readonly node: string;
  readonly trace?: Trace;
  /** The number of its large capture, and its own, from 0; `capture` is -1 for a packet with a trace. */
  readonly capture: number;
  readonly packet: number;
}

/** The packets of one file with a status. */
type FilePackets = (status: PacketStatus) => Iterable<Pick<ListedPacket, "trace" | "capture" | "packet">>;

function packetsOfFile({ node }: NodeAnalysis, file: string, large: LargeCase | undefined): FilePackets {
  const index = large?.captures.findIndex((each) => each.file === file) ?? -1;
  const capture = large?.captures[index];
  if (capture) {
    return function* (status) {
      for (let packet = 0; packet < capture.joined.count; packet++) {
        if (statusIn(capture, packet) === status) yield { capture: index, packet };
      }
    };
  }
  const known = node.traces
    .filter(({ packet }) => packet.file === file)
    .map((trace) => ({ trace, status: explainPacket(trace).status }));
  return (wanted) =>
    known.filter(({ status }) => status === wanted).map(({ trace }) => ({ trace, capture: -1, packet: 0 }));
}

/** All packets of a case, broken ones of each node first. They may be too many to be held at once. */
export function* listPackets({ analysis, large }: AnalysedPaths): Generator<ListedPacket> {
  let number = 0;
  for (const analysed of analysis.nodes) {
    const files = analysed.node.files.map(({ file }) => packetsOfFile(analysed, file, large));
    for (const status of statuses) {
      for (const packetsWith of files) {
        for (const each of packetsWith(status)) yield { ...each, status, node: analysed.node.name, number: ++number };
      }
    }
  }
}

/** Walks a portion of the packets of large captures, and answers their traces with the numbers they have in the whole capture. */
function walkPortion(large: LargeCase, listed: readonly ListedPacket[]) {
  const part = readPart(
    large,
    large.captures.map((_, index) => listed.filter(({ capture }) => capture === index).map(({ packet }) => packet)),
  );
  const traces = new Map<string, Trace>();
  for (const trace of buildCase(part.files).nodes.flatMap(({ traces: own }) => own)) {
    const index = large.captures.findIndex(({ file }) => file === trace.packet.file);
    const capture = large.captures[index];
    const excerpt = part.excerpts.get(trace.packet.file);
    const packet = capture && excerpt && packetOfTrace(trace, capture, excerpt);
    if (!capture || packet === undefined) continue;
    const numbers = { number: packet + 1, conversation: capture.joined.conversation[packet] ?? 0 };
    traces.set(`${index} ${packet}`, { ...trace, packet: { ...trace.packet, ...numbers } });
  }
  return { traces, sources: sourcesOf(part) };
}

/** The rows of listed packets, walked a portion at a time where captures are large. */
export function* walkListed({ sources, large }: AnalysedPaths, listed: Iterable<ListedPacket>): Generator<PacketRow> {
  let waiting: ListedPacket[] = [];
  const flush = function* (): Generator<PacketRow> {
    const walked = large && waiting.some(({ trace }) => !trace) ? walkPortion(large, waiting) : undefined;
    for (const listed of waiting) {
      const { number, node, trace: known, capture, packet } = listed;
      const trace = known ?? walked?.traces.get(`${capture} ${packet}`);
      if (trace) yield { number, node, trace, sources: known ? sources : (walked?.sources ?? sources), listed };
    }
    waiting = [];
  };
  for (const each of listed) {
    waiting.push(each);
    if (waiting.length >= portion) yield* flush();
  }
  yield* flush();
}

/** The packets that are asked for. */
export function* packetRows(
  analysed: AnalysedPaths,
  { broken, packet, ...traceFilter }: PacketFilter,
): Generator<PacketRow> {
  const segmentsOf = analysed.large?.captures.map(({ segments }) => segmentFinder(segments)) ?? [];
  const candidates = function* (): Generator<ListedPacket> {
    for (const each of listPackets(analysed)) {
      if (packet !== undefined && packet !== each.number) continue;
      if (broken && each.status !== "broken") continue;
      const capture = analysed.large?.captures[each.capture];
      const segment = segmentsOf[each.capture]?.(each.packet);
      if (!capture || !segment || mayPass(capture, segment, each.packet, traceFilter)) yield each;
    }
  };
  for (const row of walkListed(analysed, candidates())) {
    if (broken && explainPacket(row.trace).status !== "broken") continue;
    if (passesFilter(row.trace, traceFilter)) yield row;
  }
}

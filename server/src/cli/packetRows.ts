import {
  analysePart,
  brokenFirst,
  explainPacket,
  type LargeCase,
  mayPass,
  type NodeAnalysis,
  packetOfTrace,
  passesFilter,
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
}

/** Packets of large captures that are walked together. */
const portion = 4000;

type Status = ReturnType<typeof explainPacket>["status"];

/** A packet of a case that is not walked yet, or one of a file that was read whole. */
export interface ListedPacket {
  /** Position among all packets of the case, broken ones first. */
  readonly number: number;
  readonly status: Status;
  readonly node: string;
  readonly trace?: Trace;
  /** The number of its large capture, and its own, from 0; `capture` is -1 for a packet with a trace. */
  readonly capture: number;
  readonly packet: number;
}

type Unnumbered = Omit<ListedPacket, "number">;

function listNode({ node }: NodeAnalysis, large: LargeCase | undefined): Unnumbered[] {
  return node.files.flatMap(({ file }): Unnumbered[] => {
    const index = large?.captures.findIndex((each) => each.file === file) ?? -1;
    const capture = large?.captures[index];
    if (!capture) {
      return node.traces
        .filter(({ packet }) => packet.file === file)
        .map((trace) => ({ status: explainPacket(trace).status, node: node.name, trace, capture: -1, packet: 0 }));
    }
    return Array.from({ length: capture.joined.count }, (_, packet) => {
      const status = capture.statuses[capture.classes.classOf[packet] ?? 0] ?? "unknown";
      return { status, node: node.name, capture: index, packet };
    });
  });
}

/** All packets of a case, broken ones of each node first. */
export function listPackets({ analysis, large }: AnalysedPaths): ListedPacket[] {
  return analysis.nodes
    .flatMap((node) => brokenFirst(listNode(node, large)))
    .map((each, index) => ({ ...each, number: index + 1 }));
}

/** Walks a portion of the packets of large captures, and answers their traces with the numbers they have in the whole capture. */
function walkPortion(large: LargeCase, listed: readonly ListedPacket[]) {
  const part = analysePart(
    large,
    large.captures.map((_, index) => listed.filter(({ capture }) => capture === index).map(({ packet }) => packet)),
  );
  const traces = new Map<string, Trace>();
  for (const trace of part.analysis.nodes.flatMap(({ node }) => node.traces)) {
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
    for (const { number, node, trace: known, capture, packet } of waiting) {
      const trace = known ?? walked?.traces.get(`${capture} ${packet}`);
      if (trace) yield { number, node, trace, sources: known ? sources : (walked?.sources ?? sources) };
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
  all: readonly ListedPacket[] = listPackets(analysed),
): Generator<PacketRow> {
  const candidates = function* (): Generator<ListedPacket> {
    for (const each of all) {
      if (packet !== undefined && packet !== each.number) continue;
      if (broken && each.status !== "broken") continue;
      const capture = analysed.large?.captures[each.capture];
      if (!capture || mayPass(capture, each.packet, traceFilter)) yield each;
    }
  };
  for (const row of walkListed(analysed, candidates())) {
    if (broken && explainPacket(row.trace).status !== "broken") continue;
    if (passesFilter(row.trace, traceFilter)) yield row;
  }
}

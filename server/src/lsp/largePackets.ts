import {
  buildCase,
  countWithStatus,
  type LargeCapture,
  type LargeCase,
  listPackets,
  type NodeAnalysis,
  type PacketFilter,
  type PacketStatus,
  packetMatcher,
  packetsWithStatus,
  readPart,
  segmentFinder,
  statusIn,
  type Trace,
} from "../core/index.js";
import type { CasePackets, KnownTrace } from "./casePackets.js";
import type { AnalysedCase } from "./caseStore.js";
import { partFiles } from "./partFiles.js";

const statuses: readonly PacketStatus[] = ["broken", "unknown", "ok"];

/** Packets on which a fix is tried to find one that it changes. */
const mostTried = 100;

/** Walks that are kept. */
const mostWalked = 4000;

/** A packet of one of the captures of a case, both counted from 0. */
interface WantedPacket {
  readonly capture: number;
  readonly packet: number;
}

function keyOf({ capture, packet }: WantedPacket): string {
  return `${capture} ${packet}`;
}

/** By packet: 1 where it passes a filter, as far as the index tells. Packets are looked at in the order in which they stand on disk. */
function passingBy(capture: LargeCapture, { text, status }: PacketFilter): Uint8Array {
  const words = text.toLowerCase().split(/\s+/u).filter(Boolean);
  const { scanned, joined, segments, file } = capture;
  const named = words.filter((word) => !statuses.some((each) => each === word));
  const told = words.filter((word) => statuses.some((each) => each === word));
  const matches = packetMatcher(scanned.names, named, file);
  const segmentOf = segmentFinder(segments);
  return Uint8Array.from({ length: joined.count }, (_, packet) => {
    const own = statusIn(capture, packet);
    if ((status !== "all" && own !== status) || !told.every((word) => word === own)) return 0;
    if (named.length === 0) return 1;
    const segment = segmentOf(packet);
    return Number(matches(segment, packet - segment.firstPacket, joined.direction[packet] ?? 0));
  });
}

/** The packets of a capture in the order of the list: conversations together, broken packets first, as `listPackets` has them. */
function* inOrder(capture: LargeCapture): Generator<number> {
  const { joined, conversations } = capture;
  const listed = new Uint8Array(joined.conversationCount + 1);
  for (const status of statuses) {
    for (const first of packetsWithStatus(capture, status)) {
      const conversation = joined.conversation[first] ?? 0;
      if (listed[conversation]) continue;
      listed[conversation] = 1;
      const from = conversations.start[conversation] ?? 0;
      const to = conversations.start[conversation + 1] ?? 0;
      for (const wanted of statuses) {
        for (let at = from; at < to; at++) {
          const packet = conversations.packets[at] ?? 0;
          if (statusIn(capture, packet) === wanted) yield packet;
        }
      }
    }
  }
}

/** The packets of a case with captures that are too large to be read whole: listed by their index, decoded and walked when looked at. */
export function largePackets(analysed: AnalysedCase, large: LargeCase): CasePackets {
  const { nodes } = analysed.analysis;
  const isLarge = (file: string): boolean => large.captures.some((capture) => capture.file === file);
  const ofNode = (file: string): NodeAnalysis | undefined =>
    nodes.find(({ node }) => node.files.some((each) => each.file === file));
  const small = nodes.flatMap(({ node }) => node.traces.filter(({ packet }) => !isLarge(packet.file)));
  const list = listPackets(small);
  const passing = new Map<string, Uint32Array>();
  const walked = new Map<string, KnownTrace>();

  function knownTrace(trace: Trace, view: KnownTrace["view"], context?: KnownTrace["context"]): KnownTrace[] {
    const analysis = ofNode(trace.packet.file);
    return analysis ? [{ trace, analysis, context: context ?? analysis.node.context, view }] : [];
  }

  /** Walks packets of large captures. */
  function walkAnew(wanted: readonly WantedPacket[]): void {
    const part = readPart(
      large,
      large.captures.map((_, index) => wanted.filter(({ capture }) => capture === index).map(({ packet }) => packet)),
    );
    const view = { files: partFiles(part, large.captures, analysed.files) };
    const keys = new Set(wanted.map(keyOf));
    for (const { traces, context } of buildCase(part.files).nodes) {
      for (const trace of traces) {
        const capture = large.captures.findIndex(({ file }) => file === trace.packet.file);
        const number = part.packetInFile(trace.packet);
        if (number === undefined) continue;
        const key = keyOf({ capture, packet: number - 1 });
        // Others were read to judge these by, without all that they are to be judged by themselves.
        if (!keys.has(key)) continue;
        const conversation = large.captures[capture]?.joined.conversation[number - 1] ?? 0;
        const [known] = knownTrace({ ...trace, packet: { ...trace.packet, number, conversation } }, view, context);
        if (known) walked.set(key, known);
      }
    }
  }

  /** Walks packets of large captures, and gives them in the order asked for. The list is asked for again with every "more". */
  function walkPackets(wanted: readonly WantedPacket[]): KnownTrace[] {
    if (walked.size + wanted.length > mostWalked) walked.clear();
    const missing = wanted.filter((each) => !walked.has(keyOf(each)));
    if (missing.length > 0) walkAnew(missing);
    return wanted.flatMap((each) => walked.get(keyOf(each)) ?? []);
  }

  /** All packets of a capture that pass a filter, in order. The last filters' are kept: the list is asked for again with every "more". */
  function passingPackets(capture: LargeCapture, filter: PacketFilter): Uint32Array {
    const key = `${capture.file} ${filter.status} ${filter.text}`;
    const before = passing.get(key);
    if (before) return before;
    const passes = passingBy(capture, filter);
    const room = new Uint32Array(passes.reduce((count, each) => count + each, 0));
    let length = 0;
    for (const packet of inOrder(capture)) if (passes[packet]) room[length++] = packet;
    const found = room.subarray(0, length);
    if (passing.size >= 8) passing.clear();
    passing.set(key, found);
    return found;
  }

  function countOf(status: PacketStatus): number {
    return large.captures.reduce((sum, capture) => sum + countWithStatus(capture, status), list.counts[status]);
  }

  return {
    counts: { broken: countOf("broken"), unknown: countOf("unknown"), ok: countOf("ok") },
    select(filter, count) {
      const whole = list.select(filter, count);
      let { total } = whole;
      const wanted: WantedPacket[] = [];
      large.captures.forEach((capture, index) => {
        const packets = passingPackets(capture, filter);
        total += packets.length;
        for (const packet of packets.subarray(0, Math.max(0, count - wanted.length))) {
          wanted.push({ capture: index, packet });
        }
      });
      const read = whole.traces.flatMap((trace) => knownTrace(trace, analysed));
      return { packets: [...walkPackets(wanted), ...read].slice(0, count), total };
    },
    find(id) {
      const hash = id.lastIndexOf("#");
      const file = id.slice(0, hash);
      const number = Number(id.slice(hash + 1));
      const capture = large.captures.findIndex((each) => each.file === file);
      if (capture >= 0) return walkPackets([{ capture, packet: number - 1 }])[0];
      const trace = small.find(({ packet }) => packet.file === file && packet.number === number);
      return trace && knownTrace(trace, analysed)[0];
    },
    astray() {
      const wanted = large.captures.flatMap((capture, index) =>
        packetsWithStatus(capture, "broken")
          .slice(0, mostTried)
          .map((packet) => ({ capture: index, packet })),
      );
      const broken = small.filter(({ parting }) => parting !== undefined);
      return [...walkPackets(wanted), ...broken.flatMap((trace) => knownTrace(trace, analysed))];
    },
  };
}

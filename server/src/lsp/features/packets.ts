import {
  explainPacket,
  explainTrace,
  type Fix,
  listPackets,
  missingEvidence,
  type NodeAnalysis,
  type PacketList,
  rewalkPacket,
  type Trace,
  walkId,
} from "../../core/index.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type {
  CaseView,
  PacketsParams,
  PacketsResult,
  TryFixParams,
  TryFixResult,
  WalkParams,
  WalkResult,
  WalkView,
} from "../protocol.js";
import { toFixView, toWalkView } from "../toLsp.js";

/** A packet's trace with the node that it was captured on. */
interface KnownTrace {
  readonly trace: Trace;
  readonly analysis: NodeAnalysis;
}

interface CasePackets {
  readonly list: PacketList;
  readonly byId: ReadonlyMap<string, KnownTrace>;
}

const known = new WeakMap<AnalysedCase, CasePackets>();

function packetsOf(analysed: AnalysedCase): CasePackets {
  const before = known.get(analysed);
  if (before) return before;
  const traces = analysed.analysis.nodes.flatMap((analysis) =>
    analysis.node.traces.map((trace) => ({ trace, analysis })),
  );
  const found = {
    list: listPackets(traces.map(({ trace }) => trace)),
    byId: new Map(traces.map((each) => [walkId(each.trace), each])),
  };
  known.set(analysed, found);
  return found;
}

function allFixes(nodes: readonly NodeAnalysis[]): Fix[] {
  return nodes.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
}

/** The trace with a fix of its node applied; undefined where the fix is another node's or does not change the way. */
function traceWithFix({ trace, analysis }: KnownTrace, fixId: string | undefined): Trace | undefined {
  if (fixId === undefined || trace.parting === undefined) return undefined;
  const fix = allFixes([analysis]).find(({ id }) => id === fixId);
  return fix && rewalkPacket(analysis.node.context, trace, fix.state);
}

function walkView(analysed: AnalysedCase, trace: Trace): WalkView {
  return toWalkView(
    analysed,
    explainTrace(trace, (place) => textOf(analysed, place)),
  );
}

/** `packetwalk/case`: the case by name and numbers, and the fixes there are. */
export function caseView(analysed: AnalysedCase): CaseView {
  const { nodes } = analysed.analysis;
  return {
    caseName: decodeURIComponent(analysed.folder.slice(analysed.folder.lastIndexOf("/") + 1)),
    revision: analysed.revision,
    packets: packetsOf(analysed).list.counts,
    fixes: allFixes(nodes).map((fix) => toFixView(analysed, fix)),
    missing: [...nodes.flatMap(missingEvidence), ...analysed.unread],
  };
}

/** `packetwalk/packets`: the packets that pass a filter. */
export function packets(analysed: AnalysedCase, { filter, count, fixId }: PacketsParams): PacketsResult {
  const { list, byId } = packetsOf(analysed);
  const selected = list.select(filter, count);
  return {
    total: selected.total,
    packets: selected.packets.map((packet) => {
      const captured = byId.get(packet.id);
      const tried = captured && traceWithFix(captured, fixId);
      return tried ? { ...packet, statusWithFix: explainPacket(tried).status } : packet;
    }),
  };
}

/** `packetwalk/walk`: one packet's walk. */
export function walk(analysed: AnalysedCase, { packet, fixId }: WalkParams): WalkResult | null {
  const captured = packetsOf(analysed).byId.get(packet);
  if (!captured) return null;
  const tried = traceWithFix(captured, fixId);
  return {
    walk: walkView(analysed, captured.trace),
    ...(tried && { tried: walkView(analysed, tried) }),
  };
}

/** `packetwalk/tryFix`: a fix with a packet that shows its effect. */
export function tryFix(analysed: AnalysedCase, { fixId, packet }: TryFixParams): TryFixResult | null {
  const fix = allFixes(analysed.analysis.nodes).find(({ id }) => id === fixId);
  if (!fix) return null;
  const { byId } = packetsOf(analysed);
  const asked = byId.get(packet ?? "");
  const candidates = asked ? [asked, ...byId.values()] : [...byId.values()];
  const changed = candidates.find((candidate) => traceWithFix(candidate, fixId));
  return { fix: toFixView(analysed, fix), ...(changed && { packet: walkId(changed.trace) }) };
}

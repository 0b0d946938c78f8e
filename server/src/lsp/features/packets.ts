import {
  explainPacket,
  explainTrace,
  type Fix,
  missingEvidence,
  type NodeAnalysis,
  rewalkPacket,
  type Trace,
  walkId,
} from "../../core/index.js";
import { type KnownTrace, packetsOf } from "../casePackets.js";
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

function allFixes(nodes: readonly NodeAnalysis[]): Fix[] {
  return nodes.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
}

/** The trace with a fix of its node applied; undefined where the fix is another node's or does not change the way. */
function traceWithFix({ trace, analysis, context }: KnownTrace, fixId: string | undefined): Trace | undefined {
  if (fixId === undefined || trace.parting === undefined) return undefined;
  const fix = allFixes([analysis]).find(({ id }) => id === fixId);
  return fix && rewalkPacket(context, trace, fix.state);
}

function walkView({ view }: KnownTrace, trace: Trace): WalkView {
  return toWalkView(
    view,
    explainTrace(trace, (place) => textOf(view, place)),
  );
}

/** `packetwalk/case`: the case by name and numbers, and the fixes there are. */
export function caseView(analysed: AnalysedCase): CaseView {
  const { nodes } = analysed.analysis;
  return {
    caseName: decodeURIComponent(analysed.folder.slice(analysed.folder.lastIndexOf("/") + 1)),
    revision: analysed.revision,
    packets: packetsOf(analysed).counts,
    fixes: allFixes(nodes).map((fix) => toFixView(analysed, fix)),
    missing: [...nodes.flatMap(missingEvidence), ...analysed.unread],
  };
}

/** `packetwalk/packets`: the packets that pass a filter. */
export function packets(analysed: AnalysedCase, { filter, count, fixId }: PacketsParams): PacketsResult {
  const selected = packetsOf(analysed).select(filter, count);
  return {
    total: selected.total,
    packets: selected.packets.map((known) => {
      const packet = explainPacket(known.trace);
      const tried = traceWithFix(known, fixId);
      return tried ? { ...packet, statusWithFix: explainPacket(tried).status } : packet;
    }),
  };
}

/** `packetwalk/walk`: one packet's walk. */
export function walk(analysed: AnalysedCase, { packet, fixId }: WalkParams): WalkResult | null {
  const captured = packetsOf(analysed).find(packet);
  if (!captured) return null;
  const tried = traceWithFix(captured, fixId);
  return {
    walk: walkView(captured, captured.trace),
    ...(tried && { tried: walkView(captured, tried) }),
  };
}

/** `packetwalk/tryFix`: a fix with a packet that shows its effect. */
export function tryFix(analysed: AnalysedCase, { fixId, packet }: TryFixParams): TryFixResult | null {
  const fix = allFixes(analysed.analysis.nodes).find(({ id }) => id === fixId);
  if (!fix) return null;
  const packets = packetsOf(analysed);
  const asked = packet === undefined ? undefined : packets.find(packet);
  const isChanged = (known: KnownTrace): boolean => traceWithFix(known, fixId) !== undefined;
  const changed = asked && isChanged(asked) ? asked : [...packets.astray()].find(isChanged);
  return { fix: toFixView(analysed, fix), ...(changed && { packet: walkId(changed.trace) }) };
}

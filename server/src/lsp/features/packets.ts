import { explainPacket, explainTrace, rewalkPacket, type Trace, walkId } from "../../core/index.js";
import { type KnownTrace, packetsOf } from "../casePackets.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type {
  PacketsParams,
  PacketsResult,
  TryFixParams,
  TryFixResult,
  WalkParams,
  WalkResult,
  WalkView,
} from "../protocol.js";
import { toFixView, toWalkView } from "../toLsp.js";
import { findFix } from "./fixes.js";

/** The trace with a fix of its node applied; undefined where the fix is another node's or does not change the way. */
function traceWithFix({ trace, analysis, context }: KnownTrace, fixId: string | undefined): Trace | undefined {
  if (fixId === undefined || trace.parting === undefined) return undefined;
  const fix = findFix([analysis], fixId);
  return fix && rewalkPacket(context, trace, fix.state);
}

function walkView({ view }: KnownTrace, trace: Trace): WalkView {
  return toWalkView(
    view,
    explainTrace(trace, (place) => textOf(view, place)),
  );
}

/** `packetwalk/packets`: the packets that pass a filter. */
export function packets(analysed: AnalysedCase, { filter, start = 0, count, fixId }: PacketsParams): PacketsResult {
  const selected = packetsOf(analysed).select(filter, start + count);
  return {
    total: selected.total,
    packets: selected.packets.slice(start).map((known) => {
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
  const fix = findFix(analysed.analysis.nodes, fixId);
  if (!fix) return null;
  const packets = packetsOf(analysed);
  const asked = packet === undefined ? undefined : packets.find(packet);
  const isChanged = (known: KnownTrace): boolean => traceWithFix(known, fixId) !== undefined;
  const changed = asked && isChanged(asked) ? asked : [...packets.astray()].find(isChanged);
  return { fix: toFixView(analysed, fix), ...(changed && { packet: walkId(changed.trace) }) };
}

import { caseStory, explainTrace, missingEvidence, type NodeAnalysis, rewalkPacket } from "../../core/index.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type { PathsResult, TryFixResult } from "../protocol.js";
import { toFixView, toWalkView } from "../toLsp.js";

function allFixes(nodes: readonly NodeAnalysis[]) {
  return nodes.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
}

/** `packetwalk/paths`: the walks of a case, broken first, and the fixes there are. */
export function paths(analysed: AnalysedCase): PathsResult {
  const { nodes } = analysed.analysis;
  return {
    caseName: decodeURIComponent(analysed.folder.slice(analysed.folder.lastIndexOf("/") + 1)),
    walks: nodes
      .flatMap((node) => caseStory(node, (place) => textOf(analysed, place)))
      .map((walk) => toWalkView(analysed, walk)),
    fixes: allFixes(nodes).map((fix) => toFixView(analysed, fix)),
    missing: [...nodes.flatMap(missingEvidence), ...analysed.unread],
  };
}

/** `packetwalk/tryFix`: the walks that a fix changes, walked again in the simulation. `null` if there is no such fix any more. */
export function tryFix(analysed: AnalysedCase, fixId: string): TryFixResult | null {
  for (const analysis of analysed.analysis.nodes) {
    const fix = allFixes([analysis]).find(({ id }) => id === fixId);
    if (!fix) continue;
    const { node } = analysis;
    const walks = node.traces
      .filter(({ parting }) => parting !== undefined)
      .flatMap((trace) => rewalkPacket(node.context, trace, fix.state) ?? [])
      .map((trace) =>
        toWalkView(
          analysed,
          explainTrace(trace, (place) => textOf(analysed, place)),
        ),
      );
    return { fix: toFixView(analysed, fix), walks };
  }
  return null;
}

import {
  brokenFirst,
  caseStory,
  explainTrace,
  missingEvidence,
  type NodeAnalysis,
  rewalkPacket,
} from "../../core/index.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type { PathsResult, TryFixResult } from "../protocol.js";
import { toFixView, toWalkView } from "../toLsp.js";

function allFixes(nodes: readonly NodeAnalysis[]) {
  return nodes.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes));
}

/** How many walks the panel is sent: a list that nobody reads to its end. Broken ones come first, so none of these is lost early. */
const shownWalks = 2000;

/** `packetwalk/paths`: the walks of a case, broken first, and the fixes there are. */
export function paths(analysed: AnalysedCase): PathsResult {
  const { nodes } = analysed.analysis;
  const walks = brokenFirst(nodes.flatMap((node) => caseStory(node, (place) => textOf(analysed, place))));
  const cut =
    walks.length > shownWalks
      ? [`${walks.length - shownWalks} more packets are not listed here. The packetwalk command lists all.`]
      : [];
  return {
    caseName: decodeURIComponent(analysed.folder.slice(analysed.folder.lastIndexOf("/") + 1)),
    walks: walks.slice(0, shownWalks).map((walk) => toWalkView(analysed, walk)),
    fixes: allFixes(nodes).map((fix) => toFixView(analysed, fix)),
    missing: [...cut, ...nodes.flatMap(missingEvidence), ...analysed.unread],
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

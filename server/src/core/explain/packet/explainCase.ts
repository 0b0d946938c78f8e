import type { NodeAnalysis } from "../../analyse.js";
import type { Finding } from "../../findings/finding.js";
import { brokenFirst } from "./explainPacket.js";
import { explainTrace, type TextOf } from "./explainTrace.js";
import type { WalkStory } from "./walkStory.js";

/** The walks of a node in words, broken ones first. */
export function caseStory({ node }: NodeAnalysis, textOf: TextOf): WalkStory[] {
  return brokenFirst(node.traces.map((trace) => explainTrace(trace, textOf)));
}

/** The file that a finding about a capture says not to show everything. */
function gapOf({ data }: Finding): string | undefined {
  return data.code === "lost-events" || data.code === "aggregated-capture" ? data.file : undefined;
}

/**
 * What a node's files do not show and what to run to see it, and what of them was not looked at, a sentence each. Empty where nothing is
 * wanted.
 *
 * @param told findings that are told beside it: what they say is not said again
 */
export function missingEvidence({ node, findings }: NodeAnalysis, told: readonly Finding[] = []): string[] {
  const { context, state } = node;
  const dumped = ([4, 6] as const).some((family) => state.families[family].rules !== undefined);
  const sentences: string[] = [];
  if (context.captures.length > 0 && !dumped) {
    sentences.push(
      "No dump of this folder shows the rules. Run `ip rule show` and `ip route show table all` and add their output.",
    );
  }
  if (context.captures.length === 0) {
    sentences.push(
      "No capture in this folder. Run `cilium monitor -j` with MonitorAggregationLevel=none and add its output.",
    );
  }
  const toldGaps = new Set(told.map(gapOf));
  for (const { file, aggregation, losses } of context.captures) {
    if ((aggregation !== "none" || losses.length > 0) && !toldGaps.has(file)) {
      sentences.push(
        `${file.slice(file.lastIndexOf("/") + 1)} does not show every event (aggregated, or some were lost): a missing event proves nothing.`,
      );
    }
  }
  for (const { finding } of findings) {
    if (finding.data.code === "unknown-table" && !told.includes(finding)) sentences.push(finding.message);
  }
  return [...sentences, ...node.files.flatMap(({ limits = [] }) => limits)];
}

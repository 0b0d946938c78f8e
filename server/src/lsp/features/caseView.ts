import { explainFacts, folderOf, missingEvidence } from "../../core/index.js";
import { packetsOf } from "../casePackets.js";
import type { AnalysedCase } from "../caseStore.js";
import type { CaseView, FactView, LocationView, SetUpView } from "../protocol.js";
import { toLocation } from "../toLsp.js";
import { fixable } from "./fixes.js";

function setUp(analysed: AnalysedCase): SetUpView[] {
  return analysed.analysis.nodes.flatMap(({ node }): SetUpView[] => {
    const facts = explainFacts(node).map(
      ({ title, sentence, place }): FactView => ({
        title,
        sentence,
        ...(place && { location: toLocation(analysed, place) as LocationView }),
      }),
    );
    return facts.length > 0 ? [{ node: node.name, facts }] : [];
  });
}

/** `packetwalk/case`: the case by name and numbers, its set-up, and what its files do not show. */
export function caseView(analysed: AnalysedCase): CaseView {
  const { folder, revision, unread } = analysed;
  return {
    caseName: decodeURIComponent(folder.slice(folderOf(folder).length + 1)),
    revision,
    packets: packetsOf(analysed).counts,
    mayHaveFixes: fixable(analysed).length > 0,
    setUp: setUp(analysed),
    missing: [...analysed.analysis.nodes.flatMap((each) => missingEvidence(each)), ...unread],
  };
}

import { type AnalysedFinding, findingKinds, findingPage, type Place, type PlaceWords } from "../../core/index.js";
import { type AnalysedCase, textOf } from "../caseStore.js";
import type { FindingPageParams, FindingPageResult } from "../protocol.js";
import { toLocation } from "../toLsp.js";

function findAt(analysed: AnalysedCase, { code, at }: FindingPageParams): AnalysedFinding | undefined {
  if (!at) return undefined;
  const findings = analysed.analysis.nodes.flatMap((node) => node.findings);
  return findings.find(({ finding }) => {
    const { start } = toLocation(analysed, finding.place).range;
    return (
      finding.code === code &&
      finding.place.file === at.uri &&
      start.line === at.line &&
      start.character === at.character
    );
  });
}

function wordsIn(analysed: AnalysedCase): (place: Place) => PlaceWords {
  return (place) => {
    const name = decodeURIComponent(place.file.slice(place.file.lastIndexOf("/") + 1));
    return {
      label: `${name}:${toLocation(analysed, place).range.start.line + 1}`,
      text: textOf(analysed, place),
    };
  };
}

/** `packetwalk/findingPage`: what a code means; where a finding is given and still there, with its evidence and fixes. */
export function explainFinding(params: FindingPageParams, analysed: AnalysedCase | undefined): FindingPageResult {
  const kind = findingKinds.find(({ code }) => code === params.code);
  if (!kind) return null;
  if (!analysed) return findingPage(kind, undefined, ({ file }) => ({ label: file, text: "" }));
  return findingPage(kind, findAt(analysed, params), wordsIn(analysed));
}

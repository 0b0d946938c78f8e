import { type AnalysedFinding, proofLines } from "../core/index.js";
import { indent, type SourceMap } from "./output.js";

/**
 * A finding for a terminal: `FILE:LINE:COL: severity: message [code]`, the source with carets, related places, and the best fix with its
 * proof. The first line is what editors and compilers' output readers understand.
 */
export function findingText({ finding, fixes }: AnalysedFinding, sources: SourceMap): string[] {
  const [fix, ...others] = fixes;
  return [
    `${sources.label(finding.place)}: ${finding.severity}: ${finding.message} [${finding.code}]`,
    ...indent(sources.caretLines(finding.place)),
    ...finding.related.flatMap(({ place, message }) => indent([`${sources.label(place)}: ${message}`])),
    ...(fix ? ["  Fix:", ...indent(fix.commands, "    "), ...indent(proofLines(fix), "      ")] : []),
    ...others.flatMap((other) => ["  Or:", ...indent(other.commands, "    ")]),
  ];
}

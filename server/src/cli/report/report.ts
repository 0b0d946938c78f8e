import type { AnalysedFinding, Analysis, NodeAnalysis, Place, PlaceWords, ReadFile } from "../../core/index.js";
import type { SourceMap } from "../output.js";

/** All that a report of findings is made from. */
export interface Report {
  readonly analysis: Analysis;
  readonly files: readonly ReadFile[];
  readonly sources: SourceMap;
  /** Gravest first within each node. */
  readonly findings: readonly ReportedFinding[];
}

export interface ReportedFinding {
  readonly node: NodeAnalysis;
  readonly analysed: AnalysedFinding;
}

/** What of large captures was not looked at, a sentence each. */
export function limitsOf({ files }: Pick<Report, "files">): string[] {
  return files.flatMap(({ limits = [] }) => limits);
}

/** Gathers what was found. */
export function makeReport(analysis: Analysis, files: readonly ReadFile[], sources: SourceMap): Report {
  const findings = analysis.nodes.flatMap((node) => node.findings.map((analysed) => ({ node, analysed })));
  return { analysis, files, sources, findings };
}

/** How reports show a place: file and line, and the text that stands there. */
export function placeWords({ sources }: Pick<Report, "sources">): (place: Place) => PlaceWords {
  return (place) => {
    const { file, line } = sources.place(place);
    return { label: `${file}:${line}`, text: sources.text(place) };
  };
}

/** `1 error, 2 warnings in 3 files.`, and what comments silence. */
export function summary({ analysis, files, findings }: Report, severities: readonly string[]): string {
  const counts = severities
    .map((severity) => ({
      severity,
      count: findings.filter(({ analysed }) => analysed.finding.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 || severity === "information" ? "" : "s"}`);
  const suppressed = analysis.nodes.reduce((sum, node) => sum + node.suppressed, 0);
  const silenced = suppressed > 0 ? ` ${suppressed} more ${suppressed === 1 ? "is" : "are"} silenced by comments.` : "";
  const found = counts.length > 0 ? counts.join(", ") : "Nothing found";
  return `${found} in ${files.length} file${files.length === 1 ? "" : "s"}.${silenced}`;
}

import { findingHeading, findingMarkdown, severities } from "../../core/index.js";
import { placeWords, type Report, summary } from "./report.js";

/** Findings as CommonMark, to be pasted into a ticket. Everything from the input is escaped. */
export function markdownReport(report: Report): string {
  const words = placeWords(report);
  return [
    "# Packetwalk",
    summary(report, severities),
    ...report.findings.flatMap(({ analysed }) => [
      `## ${findingHeading(analysed, words)}`,
      findingMarkdown(analysed, words),
    ]),
  ].join("\n\n");
}

import { findingHeading, findingMarkdown, markdownSentence, severities } from "../../core/index.js";
import { limitsOf, placeWords, type Report, summary } from "./report.js";

/** Findings as CommonMark, to be pasted into a ticket. Everything from the input is escaped. */
export function markdownReport(report: Report): string {
  const words = placeWords(report);
  const limits = limitsOf(report).map((limit) => `- ${markdownSentence(limit)}`);
  return [
    "# Packetwalk",
    summary(report, severities),
    ...report.findings.flatMap(({ analysed }) => [
      `## ${findingHeading(analysed, words)}`,
      findingMarkdown(analysed, words),
    ]),
    ...(limits.length > 0 ? ["## Not looked at", limits.join("\n")] : []),
  ].join("\n\n");
}

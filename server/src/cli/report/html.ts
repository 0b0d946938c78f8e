import { severities } from "../../core/index.js";
import { findingHtml } from "./findingHtml.js";
import { htmlPage, htmlText } from "./htmlPage.js";
import { placeWords, type Report, summary } from "./report.js";

/** Findings as one HTML file, to hand over. */
export function htmlReport(report: Report): string {
  const wordsFor = placeWords(report);
  return htmlPage([
    "<h1>Packetwalk</h1>",
    `<p>${htmlText(summary(report, severities))}</p>`,
    ...report.findings.map(({ analysed }) => findingHtml(analysed, wordsFor)),
  ]);
}

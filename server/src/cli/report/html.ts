import { severities } from "../../core/index.js";
import { findingHtml } from "./findingHtml.js";
import { htmlList, htmlPage, htmlText } from "./htmlPage.js";
import { limitsOf, placeWords, type Report, summary } from "./report.js";

/** Findings as one HTML file, to hand over. */
export function htmlReport(report: Report): string {
  const wordsFor = placeWords(report);
  const limits = htmlList(limitsOf(report));
  return htmlPage([
    "<h1>Packetwalk</h1>",
    `<p>${htmlText(summary(report, severities))}</p>`,
    ...report.findings.map(({ analysed }) => findingHtml(analysed, wordsFor)),
    ...(limits.length > 0 ? ["<h2>Not looked at</h2>", ...limits] : []),
  ]);
}

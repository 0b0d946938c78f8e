import { type AnalysedFinding, type Fix, type Place, type PlaceWords, proofLines, whyNoFix } from "../../core/index.js";
import { htmlBlock, htmlText } from "./htmlPage.js";

function fixHtml(fix: Fix, name: string): string {
  const forms = Object.entries(fix.persistent).map(
    ([system, lines]) => `<p>${htmlText(system)}:</p>${htmlBlock(lines.split("\n"))}`,
  );
  return [
    `<h3>${name}: ${htmlText(fix.title)}</h3>`,
    htmlBlock(fix.commands),
    `<details open><summary>Its proof</summary>${htmlBlock(proofLines(fix))}</details>`,
    `<details><summary>How to undo it</summary>${htmlBlock(fix.undo)}</details>`,
    forms.length > 0 ? `<details><summary>How to make it last</summary>${forms.join("")}</details>` : "",
  ].join("\n");
}

/**
 * What was found, its evidence and its fixes as HTML.
 *
 * @param more HTML that stands behind it
 */
export function findingHtml(
  { finding, fixes }: AnalysedFinding,
  wordsFor: (place: Place) => PlaceWords,
  more: readonly string[] = [],
): string {
  const { label, text: line } = wordsFor(finding.place);
  const related = finding.related.map(({ place, message }) => {
    const at = wordsFor(place);
    return `<li>${htmlText(message)}: <code>${htmlText(at.label)}</code> <code>${htmlText(at.text)}</code></li>`;
  });
  const why = fixes.length > 0 ? undefined : whyNoFix(finding.code);
  return [
    "<article>",
    `<h2><span class="${finding.severity}">${finding.severity}</span> ${htmlText(finding.code)}</h2>`,
    `<p class="place">${htmlText(label)} <span class="confidence">(${finding.confidence})</span></p>`,
    htmlBlock([line]),
    `<p>${htmlText(finding.message)}</p>`,
    related.length > 0 ? `<ul>${related.join("")}</ul>` : "",
    ...fixes.map((fix, index) => fixHtml(fix, index === 0 ? "Fix" : "Or")),
    why === undefined ? "" : `<p>No fix: ${htmlText(why)}</p>`,
    ...more,
    "</article>",
  ].join("\n");
}

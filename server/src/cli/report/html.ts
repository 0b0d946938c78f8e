import { createHash } from "node:crypto";
import {
  type AnalysedFinding,
  type Fix,
  type Place,
  type PlaceWords,
  proofLines,
  severities,
} from "../../core/index.js";
import { printable } from "../output.js";
import { placeWords, type Report, summary } from "./report.js";

const style = `
:root { color-scheme: light dark; --edge: #8884; --quiet: #667; --error: #b3261e; --warning: #8a5a00; --note: #1d5fa8 }
@media (prefers-color-scheme: dark) { :root { --quiet: #aab; --error: #ff8a80; --warning: #ffc766; --note: #8ab8ff } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { font-size: 1.1rem; margin: 0 }
article { border: 1px solid var(--edge); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
pre { overflow: auto; padding: .6rem; border: 1px solid var(--edge); border-radius: .3rem; font: 13px/1.45 ui-monospace, monospace }
.place, .confidence { color: var(--quiet); font-size: .9rem }
.error { color: var(--error) } .warning { color: var(--warning) } .information, .hint { color: var(--note) }
li code { overflow-wrap: anywhere }
`.trim();

/** No script, nothing from elsewhere; of styles only the one above. */
const policy = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** Text as HTML: nothing in it can be markup, nor end an attribute. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

function text(words: string): string {
  return escaped(printable(words));
}

function block(lines: readonly string[]): string {
  return `<pre>${lines.map(text).join("\n")}</pre>`;
}

function fixHtml(fix: Fix, name: string): string {
  const forms = Object.entries(fix.persistent).map(
    ([system, lines]) => `<p>${text(system)}:</p>${block(lines.split("\n"))}`,
  );
  return [
    `<h3>${name}: ${text(fix.title)}</h3>`,
    block(fix.commands),
    `<details open><summary>Its proof</summary>${block(proofLines(fix))}</details>`,
    `<details><summary>How to undo it</summary>${block(fix.undo)}</details>`,
    forms.length > 0 ? `<details><summary>How to make it last</summary>${forms.join("")}</details>` : "",
  ].join("\n");
}

function findingHtml({ finding, fixes }: AnalysedFinding, words: (place: Place) => PlaceWords): string {
  const { label, text: line } = words(finding.place);
  const related = finding.related.map(({ place, message }) => {
    const at = words(place);
    return `<li>${text(message)}: <code>${text(at.label)}</code> <code>${text(at.text)}</code></li>`;
  });
  return [
    "<article>",
    `<h2><span class="${finding.severity}">${finding.severity}</span> ${text(finding.code)}</h2>`,
    `<p class="place">${text(label)} <span class="confidence">(${finding.confidence})</span></p>`,
    block([line]),
    `<p>${text(finding.message)}</p>`,
    related.length > 0 ? `<ul>${related.join("")}</ul>` : "",
    ...fixes.map((fix, index) => fixHtml(fix, index === 0 ? "Fix" : "Or")),
    "</article>",
  ].join("\n");
}

/** Findings as one HTML file that needs nothing besides: no script, a strict content security policy, light and dark. */
export function htmlReport(report: Report): string {
  const words = placeWords(report);
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">`,
    '<meta name="viewport" content="width=device-width">',
    "<title>Packetwalk</title>",
    `<style>${style}</style>`,
    "<h1>Packetwalk</h1>",
    `<p>${text(summary(report, severities))}</p>`,
    ...report.findings.map(({ analysed }) => findingHtml(analysed, words)),
    "</html>",
  ].join("\n");
}

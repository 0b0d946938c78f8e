import type { Diagnostic } from "vscode-languageserver";
import type { AnalysedCase } from "../caseStore.js";
import { toDiagnostic } from "../toLsp.js";

/** How many findings of one file are shown; more would slow the editor and help nobody. */
const shownPerFile = 500;

function capped(diagnostics: Diagnostic[]): Diagnostic[] {
  if (diagnostics.length <= shownPerFile) return diagnostics;
  const shown = diagnostics.slice(0, shownPerFile);
  const [first] = diagnostics;
  if (!first) return shown;
  const message = `${diagnostics.length - shownPerFile} more findings of this file are not shown. The packetwalk command lists all.`;
  return [...shown, { range: first.range, severity: 3, source: "packetwalk", code: "more-findings", message }];
}

/** The findings of a case as diagnostics, for every file of it: an empty list where there are none. */
export function diagnosticsByFile(analysed: AnalysedCase): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>([...analysed.files.keys()].map((uri) => [uri, []]));
  for (const { findings } of analysed.analysis.nodes) {
    for (const { finding } of findings) byFile.get(finding.place.file)?.push(toDiagnostic(analysed, finding));
  }
  return new Map([...byFile].map(([uri, diagnostics]) => [uri, capped(diagnostics)]));
}

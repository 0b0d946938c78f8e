import type { Diagnostic } from "vscode-languageserver";
import type { AnalysedCase } from "../caseStore.js";
import { findingPageAddress, restCode } from "../protocol.js";
import { toDiagnostic } from "../toLsp.js";

/** How many findings of one file are shown; more would slow the editor and help nobody. */
const shownPerFile = 500;

function capped(diagnostics: Diagnostic[]): Diagnostic[] {
  if (diagnostics.length <= shownPerFile) return diagnostics;
  const shown = diagnostics.slice(0, shownPerFile);
  const [first] = diagnostics;
  if (!first) return shown;
  const message = `Of ${diagnostics.length} findings in this file the ${shownPerFile} gravest are shown. The packetwalk command lists all.`;
  return [...shown, { range: first.range, severity: 3, source: "packetwalk", code: restCode, message }];
}

/** The diagnostic with a link from its code to the finding's page. */
function withPage(diagnostic: Diagnostic, uri: string): Diagnostic {
  const href = findingPageAddress({ code: String(diagnostic.code), at: { uri, ...diagnostic.range.start } });
  return { ...diagnostic, codeDescription: { href } };
}

/**
 * The findings of a case as diagnostics, for every file of it: an empty list where there are none.
 *
 * @param hasPages whether the client can show findings' pages
 */
export function diagnosticsByFile(analysed: AnalysedCase, hasPages: boolean): Map<string, Diagnostic[]> {
  const byFile = new Map<string, Diagnostic[]>([...analysed.files.keys()].map((uri) => [uri, []]));
  for (const { findings } of analysed.analysis.nodes) {
    for (const { finding } of findings) {
      const diagnostic = toDiagnostic(analysed, finding);
      const { file } = finding.place;
      byFile.get(file)?.push(hasPages ? withPage(diagnostic, file) : diagnostic);
    }
  }
  return new Map([...byFile].map(([uri, diagnostics]) => [uri, capped(diagnostics)]));
}

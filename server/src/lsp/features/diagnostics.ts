import type { Diagnostic } from "vscode-languageserver";
import type { Finding } from "../../core/index.js";
import type { AnalysedCase } from "../caseStore.js";
import { findingPageAddress, restCode } from "../protocol.js";
import { toDiagnostic } from "../toLsp.js";

/** How many findings of one file are shown; more would slow the editor and help nobody. */
const shownPerFile = 500;

/** The gravest findings of a file as diagnostics, and how many there are besides. */
function shownOf(findings: readonly Finding[], toDiagnostic: (finding: Finding) => Diagnostic): Diagnostic[] {
  const shown = findings.slice(0, shownPerFile).map(toDiagnostic);
  const [first] = shown;
  if (!first || findings.length <= shownPerFile) return shown;
  const message = `Of ${findings.length} findings in this file the ${shownPerFile} gravest are shown. The packetwalk command lists all.`;
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
  const byFile = new Map<string, Finding[]>([...analysed.files.keys()].map((uri) => [uri, []]));
  for (const { findings } of analysed.analysis.nodes) {
    for (const { finding } of findings) byFile.get(finding.place.file)?.push(finding);
  }
  const convert = (finding: Finding): Diagnostic => {
    const diagnostic = toDiagnostic(analysed, finding);
    return hasPages ? withPage(diagnostic, finding.place.file) : diagnostic;
  };
  return new Map([...byFile].map(([uri, findings]) => [uri, shownOf(findings, convert)]));
}

import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from "vscode-languageserver";
import {
  type Finding,
  type Fix,
  fixesAgainst,
  fixFileName,
  fixScript,
  folderOf,
  type NodeAnalysis,
  suppressionComment,
} from "../../core/index.js";
import type { AnalysedCase } from "../caseStore.js";
import {
  type CopyFixArguments,
  copyCommand,
  explainCommand,
  type FindingPageParams,
  showScriptCommand,
  type TryFixArguments,
  tryFixCommand,
} from "../protocol.js";
import { toDiagnostic, toLocation } from "../toLsp.js";

function touches(a: Range, b: Range): boolean {
  const before = (p: Range["start"], q: Range["start"]): boolean =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return !before(a.end, b.start) && !before(b.end, a.start);
}

/** What a fix does, to stand behind a colon. */
function inSentence(title: string): string {
  return `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

function copyAction(fix: Fix): CodeAction {
  const copy: CopyFixArguments = { text: fix.commands.join("\n") };
  return {
    title: `Copy the fix: ${inSentence(fix.title)}`,
    command: { title: "Copy the commands", command: copyCommand, arguments: [copy] },
  };
}

function writeAction(finding: Finding, fix: Fix): CodeAction {
  const name = fixFileName(fix);
  const uri = `${folderOf(finding.place.file)}/${name}`;
  const start = { line: 0, character: 0 };
  return {
    title: `Write the fix as a script: ${name}`,
    edit: {
      documentChanges: [
        { kind: "create", uri, options: { ignoreIfExists: false, overwrite: true } },
        { textDocument: { uri, version: null }, edits: [{ range: { start, end: start }, newText: fixScript(fix) }] },
      ],
    },
    command: { title: "Show the script", command: showScriptCommand, arguments: [uri] },
  };
}

function tryAction(finding: Finding, fix: Fix): CodeAction {
  const attempt: TryFixArguments = { uri: finding.place.file, fixId: fix.id };
  return {
    title: "Try the fix in the panel",
    command: { title: "Try in the panel", command: tryFixCommand, arguments: [attempt] },
  };
}

function explainAction({ code, place }: Finding, { start }: Range, fixes: number): CodeAction {
  const page: FindingPageParams = { code, at: { uri: place.file, ...start } };
  return {
    title: `Explain ${code}${fixes > 1 ? `, with all ${fixes} fixes and their proof` : ""}`,
    command: { title: "Explain this finding", command: explainCommand, arguments: [page] },
  };
}

/** Inserts the comment that silences a finding on its line. */
function ignoreAction({ code, place }: Finding, { start }: Range): CodeAction {
  const at = { line: start.line, character: 0 };
  const edit = { range: { start: at, end: at }, newText: `${suppressionComment(code)}\n` };
  return { title: `Ignore ${code} here`, edit: { changes: { [place.file]: [edit] } } };
}

/**
 * The best fix in every way it can be taken, and what there is for every finding. The other fixes are on the page that explains it, where
 * their proof stands beside them: in a list of titles nobody could choose among them.
 */
function actionsFor(node: NodeAnalysis, finding: Finding, diagnostic: Diagnostic): CodeAction[] {
  const { range } = diagnostic;
  const fixes = fixesAgainst(node, finding);
  const [best] = fixes;
  // There is something to see in the panel only where a packet went astray.
  const canTry = node.node.traces.some(({ parting }) => parting !== undefined);
  const ofBest = best
    ? [copyAction(best), writeAction(finding, best), ...(canTry ? [tryAction(finding, best)] : [])]
    : [];
  return [...ofBest, explainAction(finding, range, fixes.length), ignoreAction(finding, range)].map(
    (action, index) => ({
      ...action,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      ...(best && index === 0 && { isPreferred: true }),
    }),
  );
}

/** `textDocument/codeAction`: for the findings at a place, their proven fixes, their explanation, and the comment that silences them. */
export function codeActions(analysed: AnalysedCase, uri: string, range: Range): CodeAction[] {
  return analysed.analysis.nodes.flatMap((node) =>
    node.findings
      .map(({ finding }) => finding)
      .filter((finding) => finding.place.file === uri && touches(toLocation(analysed, finding.place).range, range))
      .flatMap((finding) => actionsFor(node, finding, toDiagnostic(analysed, finding))),
  );
}

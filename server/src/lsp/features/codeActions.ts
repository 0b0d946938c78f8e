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
import { type AnalysedCase, nodeOfFile } from "../caseStore.js";
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

/** The first command, and how many follow. */
function commandWords({ commands: [first = "", ...others] }: Fix): string {
  return others.length === 0 ? first : `${first} (and ${others.length} more)`;
}

function copyAction(fix: Fix): CodeAction {
  const copy: CopyFixArguments = { text: fix.commands.join("\n") };
  return {
    title: `Copy: ${commandWords(fix)}`,
    command: { title: "Copy the commands", command: copyCommand, arguments: [copy] },
  };
}

function writeAction(finding: Finding, fix: Fix): CodeAction {
  const name = fixFileName(fix);
  const uri = `${folderOf(finding.place.file)}/${name}`;
  const start = { line: 0, character: 0 };
  return {
    title: `Write ${name}: ${fix.title}`,
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
    title: `Try in the panel: ${commandWords(fix)}`,
    command: { title: "Try in the panel", command: tryFixCommand, arguments: [attempt] },
  };
}

function explainAction({ code, place }: Finding, { start }: Range): CodeAction {
  const page: FindingPageParams = { code, at: { uri: place.file, ...start } };
  return {
    title: `Explain this finding: ${code}`,
    command: { title: "Explain this finding", command: explainCommand, arguments: [page] },
  };
}

/** Inserts the comment that silences a finding on its line. */
function ignoreAction({ code, place }: Finding, { start }: Range): CodeAction {
  const at = { line: start.line, character: 0 };
  const edit = { range: { start: at, end: at }, newText: `${suppressionComment(code)}\n` };
  return { title: `Ignore ${code} here`, edit: { changes: { [place.file]: [edit] } } };
}

function actionsFor(node: NodeAnalysis, finding: Finding, diagnostic: Diagnostic): CodeAction[] {
  const { range } = diagnostic;
  // There is something to see in the panel only where a packet went astray.
  const canTry = node.node.traces.some(({ parting }) => parting !== undefined);
  const fixes = fixesAgainst(node, finding).flatMap((fix) => [
    copyAction(fix),
    writeAction(finding, fix),
    ...(canTry ? [tryAction(finding, fix)] : []),
  ]);
  return [...fixes, explainAction(finding, range), ignoreAction(finding, range)].map((action, index) => ({
    ...action,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    ...(fixes.length > 0 && index === 0 && { isPreferred: true }),
  }));
}

/** `textDocument/codeAction`: for the findings at a place, their proven fixes, their explanation, and the comment that silences them. */
export function codeActions(analysed: AnalysedCase, uri: string, range: Range): CodeAction[] {
  const node = nodeOfFile(analysed, uri);
  if (!node) return [];
  return node.findings
    .map(({ finding }) => finding)
    .filter((finding) => finding.place.file === uri && touches(toLocation(analysed, finding.place).range, range))
    .flatMap((finding) => actionsFor(node, finding, toDiagnostic(analysed, finding)));
}

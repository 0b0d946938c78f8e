import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from "vscode-languageserver";
import { type Finding, type Fix, fixesAgainst, fixScript, folderOf } from "../../core/index.js";
import { type AnalysedCase, nodeOfFile } from "../caseStore.js";
import {
  type CopyFixArguments,
  copyCommand,
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

/** A name for the script beside the dump, the same for the same fix. */
function scriptUri(finding: Finding, fix: Fix): string {
  const priority = fix.rules[0]?.priority ?? 0;
  const kind = fix.id.slice(0, fix.id.indexOf(":"));
  return `${folderOf(finding.place.file)}/fix-rule-${priority}-${kind}.sh`;
}

function actionsFor(finding: Finding, fix: Fix, diagnostic: Diagnostic, preferred: boolean): CodeAction[] {
  const uri = scriptUri(finding, fix);
  const copy: CopyFixArguments = { text: fix.commands.join("\n") };
  const attempt: TryFixArguments = { uri: finding.place.file, fixId: fix.id };
  const start = { line: 0, character: 0 };
  return [
    {
      title: `Copy: ${commandWords(fix)}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: preferred,
      command: { title: "Copy the commands", command: copyCommand, arguments: [copy] },
    },
    {
      title: `Write ${uri.slice(uri.lastIndexOf("/") + 1)}: ${fix.title}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      edit: {
        documentChanges: [
          { kind: "create", uri, options: { ignoreIfExists: false, overwrite: true } },
          {
            textDocument: { uri, version: null },
            edits: [{ range: { start, end: start }, newText: fixScript(fix) }],
          },
        ],
      },
      command: { title: "Show the script", command: showScriptCommand, arguments: [uri] },
    },
    {
      title: `Try in the panel: ${commandWords(fix)}`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      command: { title: "Try in the panel", command: tryFixCommand, arguments: [attempt] },
    },
  ];
}

/** `textDocument/codeAction`: the proven fixes of the findings at a place. */
export function codeActions(analysed: AnalysedCase, uri: string, range: Range): CodeAction[] {
  const node = nodeOfFile(analysed, uri);
  if (!node) return [];
  return node.findings
    .map(({ finding }) => finding)
    .filter((finding) => finding.place.file === uri && touches(toLocation(analysed, finding.place).range, range))
    .flatMap((finding) =>
      fixesAgainst(node, finding).flatMap((fix, index) =>
        actionsFor(finding, fix, toDiagnostic(analysed, finding), index === 0),
      ),
    );
}

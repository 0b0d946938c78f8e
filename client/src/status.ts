import { Disposable, LanguageStatusSeverity, languages, type TextDocument, window } from "vscode";
import { type CaseView, openPanelCommand } from "../../server/src/lsp/protocol.js";
import type { CaseFeed } from "./caseFeed.js";
import { documentSelector } from "./languages.js";

/** Name under which the server's findings stand among the problems. */
const findingsSource = "packetwalk";

/** The entry in the editor's language status: what was understood of the case. */
export function createStatus(feed: CaseFeed): Disposable {
  const item = languages.createLanguageStatusItem("packetwalk.understood", documentSelector);
  item.name = "Packetwalk";
  item.command = { command: openPanelCommand, title: "Show packet path" };

  function update(): void {
    const { current } = feed;
    item.busy = current.type === "loading";
    const broken = current.type === "known" && current.known.packets.broken > 0;
    item.severity =
      current.type === "failed"
        ? LanguageStatusSeverity.Error
        : broken
          ? LanguageStatusSeverity.Warning
          : LanguageStatusSeverity.Information;
    item.text = current.type === "known" ? packetWords(current.known) : "Packetwalk";
    item.detail =
      current.type === "failed"
        ? "The language server does not answer"
        : findingWords(window.activeTextEditor?.document);
  }

  update();
  return Disposable.from(
    item,
    feed.onDidChange(update),
    languages.onDidChangeDiagnostics(update),
    window.onDidChangeActiveTextEditor(update),
  );
}

function packetWords({ packets: { broken, ok, unknown } }: CaseView): string {
  const total = broken + ok + unknown;
  if (total === 0) return "No packets";
  return `${count(total, "packet")}, ${broken === 0 ? "none" : broken} broken`;
}

function findingWords(document: TextDocument | undefined): string {
  if (document === undefined) return "";
  const findings = languages.getDiagnostics(document.uri).filter(({ source }) => source === findingsSource);
  return findings.length === 0 ? "no findings in this file" : `${count(findings.length, "finding")} in this file`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

import { Disposable, LanguageStatusSeverity, languages, type TextDocument, window } from "vscode";
import { type CaseView, openPanelCommand, restCode } from "../../server/src/lsp/protocol.js";
import type { CaseFeed } from "./caseFeed.js";
import { documentSelector } from "./languages.js";
import type { Portions } from "./portions.js";

/** Name under which the server's findings stand among the problems. */
const findingsSource = "packetwalk";

/** The entry in the editor's language status: what was understood of the case. */
export function createStatus(feed: CaseFeed, portions: Portions): Disposable {
  const item = languages.createLanguageStatusItem("packetwalk.understood", documentSelector);
  item.name = "Packetwalk";
  item.command = { command: openPanelCommand, title: "Show packet path" };

  function update(): void {
    const { current } = feed;
    const isPart = current.type === "known" && portions.isBeingSent(current.uri);
    item.busy = isPart || current.type === "loading";
    const broken = current.type === "known" && current.known.packets.broken > 0;
    item.severity =
      current.type === "failed"
        ? LanguageStatusSeverity.Error
        : broken
          ? LanguageStatusSeverity.Warning
          : LanguageStatusSeverity.Information;
    item.text = current.type === "known" ? `${packetWords(current.known)}${isPart ? " so far" : ""}` : "Packetwalk";
    item.detail =
      current.type === "failed"
        ? "The language server does not answer"
        : findingWords(window.activeTextEditor?.document);
  }

  update();
  return Disposable.from(
    item,
    feed.onDidChange(update),
    portions.onDidSend(update),
    languages.onDidChangeDiagnostics(update),
    window.onDidChangeActiveTextEditor(update),
  );
}

function packetWords({ packets: { broken, ok, unknown } }: CaseView): string {
  const total = broken + ok + unknown;
  if (total === 0) return "No packets";
  return `${count(total, "packet")}, ${broken === 0 ? "none" : grouped.format(broken)} broken`;
}

function findingWords(document: TextDocument | undefined): string {
  if (document === undefined) return "";
  const all = languages.getDiagnostics(document.uri).filter(({ source }) => source === findingsSource);
  const rest = all.find(({ code }) => code === restCode);
  if (rest) return rest.message;
  return all.length === 0 ? "no findings in this file" : `${count(all.length, "finding")} in this file`;
}

const grouped = new Intl.NumberFormat("en");

function count(number: number, noun: string): string {
  return `${grouped.format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

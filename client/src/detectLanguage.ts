import { Disposable, type LogOutputChannel, languages, Range, type TextDocument, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type RecogniseParams, type RecogniseResult, recogniseMethod } from "../../server/src/lsp/protocol.js";
import { mayBeOurs } from "./mayBeOurs.js";

/** Languages that only say that nobody knew better. */
const undecided = new Set(["plaintext", "log"]);
/** What extensions print is no file of anybody's. */
const outputScheme = "output";
const headLines = 100;
/** Characters of a line that are looked at: a capture without line breaks must not be sent whole. */
const headColumns = 4000;
/** How long the typing or pasting into an untitled editor must rest before it is looked at, in milliseconds. */
const rest = 300;

/**
 * Gives captures and dumps that came as plain text their language, by their contents. Every document is judged once: a language
 * that somebody chooses afterwards stays, even if it is plain text again.
 */
export function detectLanguages(client: BaseLanguageClient, log: LogOutputChannel): Disposable {
  // A change of language closes and opens the same document object; a document that is opened anew is a new object.
  const met = new WeakSet<TextDocument>();
  const awaitingText = new WeakSet<TextDocument>();
  const timers = new Map<TextDocument, NodeJS.Timeout>();

  function meet(document: TextDocument): void {
    if (met.has(document)) {
      awaitingText.delete(document);
      return;
    }
    met.add(document);
    if (!undecided.has(document.languageId) || document.uri.scheme === outputScheme) return;
    if (document.isUntitled) awaitingText.add(document);
    judgeNow(document);
  }

  function judgeNow(document: TextDocument): void {
    judge(document).catch((error: unknown) => log.error(String(error)));
  }

  async function judge(document: TextDocument): Promise<void> {
    const head = headOf(document);
    if (!mayBeOurs(head)) return;
    const params: RecogniseParams = { head };
    const language = await client.sendRequest<RecogniseResult>(recogniseMethod, params);
    if (language === null || document.isClosed || !undecided.has(document.languageId)) return;
    awaitingText.delete(document);
    log.info(`${document.uri.toString(true)} reads like ${language}.`);
    await languages.setTextDocumentLanguage(document, language);
  }

  function judgeLater(document: TextDocument): void {
    if (!awaitingText.has(document)) return;
    clearTimeout(timers.get(document));
    timers.set(
      document,
      setTimeout(() => {
        timers.delete(document);
        if (awaitingText.has(document)) judgeNow(document);
      }, rest),
    );
  }

  workspace.textDocuments.forEach(meet);
  return Disposable.from(
    workspace.onDidOpenTextDocument(meet),
    workspace.onDidChangeTextDocument(({ document }) => judgeLater(document)),
    new Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}

function headOf(document: TextDocument): string {
  const lines = Math.min(document.lineCount, headLines);
  return Array.from({ length: lines }, (_, line) => document.getText(new Range(line, 0, line, headColumns))).join("\n");
}

import { type ExtensionContext, window } from "vscode";
import { createCaseFeed } from "./caseFeed.js";
import { registerCommands } from "./commands.js";
import { detectLanguages } from "./detectLanguage.js";
import { createLanguageClient, startWithDocuments } from "./languageClient.js";
import { createPathPanel, pathView } from "./pathPanel/panel.js";
import { createRevealer } from "./revealLocation.js";
import { createStatus } from "./status.js";

/** Called by the editor when a document, view or command of ours is first needed. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Packetwalk", { log: true });
  const client = createLanguageClient(context, log);
  const feed = createCaseFeed(client, log);
  const revealer = createRevealer();
  const panel = createPathPanel({ extension: context.extensionUri, client, feed, revealer, log });
  context.subscriptions.push(
    log,
    client,
    feed,
    revealer,
    panel,
    createStatus(feed),
    registerCommands(client, feed, panel, log),
    startWithDocuments(client, log),
    detectLanguages(client, log),
    window.registerWebviewViewProvider(pathView, panel),
  );
}

import { type ExtensionContext, window } from "vscode";
import type { BaseLanguageClient, LanguageClientOptions } from "vscode-languageclient";
import { createCaseFeed } from "./caseFeed.js";
import { registerCommands } from "./commands.js";
import { detectLanguages } from "./detectLanguage.js";
import { createEventsDocuments } from "./eventsDocument.js";
import { provideFindingPages } from "./findingPages.js";
import { clientOptions, startWithDocuments } from "./languageClient.js";
import { noticeLargeFiles } from "./largeFile.js";
import { createPathPanel, pathView } from "./pathPanel/panel.js";
import { sendInPortions } from "./portions.js";
import { createRevealer } from "./revealLocation.js";
import { serveFiles } from "./serveFiles.js";
import { createStatus } from "./status.js";

/** Makes the client of a server that runs as a process or as a web worker; it need not start it yet. */
export type CreateClient = (context: ExtensionContext, options: LanguageClientOptions) => BaseLanguageClient;

/** Starts the extension, once a document, view or command of ours is first needed. */
export function startExtension(context: ExtensionContext, createClient: CreateClient): void {
  const log = window.createOutputChannel("Packetwalk", { log: true });
  const client = createClient(context, clientOptions(log, context.globalStorageUri));
  const portions = sendInPortions(client, log);
  const feed = createCaseFeed(client, log);
  const revealer = createRevealer();
  const eventsDocuments = createEventsDocuments(client);
  const panel = createPathPanel({ extension: context.extensionUri, client, feed, revealer, eventsDocuments, log });
  context.subscriptions.push(
    log,
    client,
    portions,
    feed,
    revealer,
    eventsDocuments,
    panel,
    createStatus(feed, portions),
    registerCommands(client, feed, panel, log, context.extensionUri),
    provideFindingPages(client),
    serveFiles(client),
    startWithDocuments(client, log),
    detectLanguages(client, log),
    noticeLargeFiles(client, log),
    window.registerWebviewViewProvider(pathView, panel),
  );
}

import { type Disposable, type LogOutputChannel, type TextDocument, type Uri, workspace } from "vscode";
import { type BaseLanguageClient, type LanguageClientOptions, RevealOutputChannelOn } from "vscode-languageclient";
import {
  copyCommand,
  type InitializationOptions,
  openPanelCommand,
  tryFixCommand,
} from "../../server/src/lsp/protocol.js";
import { documentSelector, isOurs } from "./languages.js";
import { writeNewFiles } from "./writeNewFiles.js";

/**
 * How our language client talks with the editor, whatever it takes to talk with the server.
 *
 * @param storage a folder of ours, in which indexes may be kept
 */
export function clientOptions(log: LogOutputChannel, storage: Uri): LanguageClientOptions {
  const initializationOptions: InitializationOptions = {
    findingPages: true,
    ...(storage.scheme === "file" && { cacheFolder: storage.fsPath }),
  };
  return {
    documentSelector,
    initializationOptions,
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Hovers quote what is in the log: only these commands may be run from a link in them.
    markdown: { isTrusted: { enabledCommands: [copyCommand, tryFixCommand, openPanelCommand] } },
    middleware: {
      provideCodeActions: async (document, range, context, token, next) => {
        const actions = await next(document, range, context, token);
        actions?.forEach(writeNewFiles);
        return actions;
      },
    },
  };
}

/**
 * Starts the server as soon as a document of ours is open. The extension is also activated for plain text, to look whether it
 * is one of ours; that alone is no reason to start a process.
 */
export function startWithDocuments(client: BaseLanguageClient, log: LogOutputChannel): Disposable {
  const startFor = (document: TextDocument) => {
    if (isOurs(document) && client.needsStart()) client.start().catch((error: unknown) => log.error(String(error)));
  };
  workspace.textDocuments.forEach(startFor);
  return workspace.onDidOpenTextDocument(startFor);
}

import { type Disposable, type ExtensionContext, type LogOutputChannel, type TextDocument, workspace } from "vscode";
import { LanguageClient, RevealOutputChannelOn, TransportKind } from "vscode-languageclient/node";
import { copyCommand, openPanelCommand, tryFixCommand } from "../../server/src/lsp/protocol.js";
import { documentSelector, isOurs } from "./languages.js";
import { writeNewFiles } from "./writeNewFiles.js";

/** The client of our language server. It starts with the first request, or by `startWithDocuments`. */
export function createLanguageClient(context: ExtensionContext, log: LogOutputChannel): LanguageClient {
  return new LanguageClient(
    "packetwalk",
    "Packetwalk",
    { module: context.asAbsolutePath("dist/server.cjs"), transport: TransportKind.ipc },
    {
      documentSelector,
      outputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      // Hovers quote what is in the log: only these commands may be run from a link in them.
      markdown: { isTrusted: { enabledCommands: [copyCommand, tryFixCommand, openPanelCommand] } },
      textSynchronization: { delayOpenNotifications: true },
      middleware: {
        provideCodeActions: async (document, range, context, token, next) => {
          const actions = await next(document, range, context, token);
          actions?.forEach(writeNewFiles);
          return actions;
        },
      },
    },
  );
}

/**
 * Starts the server as soon as a document of ours is open. The extension is also activated for plain text, to look whether it
 * is one of ours; that alone is no reason to start a process.
 */
export function startWithDocuments(client: LanguageClient, log: LogOutputChannel): Disposable {
  const startFor = (document: TextDocument) => {
    if (isOurs(document) && client.needsStart()) client.start().catch((error: unknown) => log.error(String(error)));
  };
  workspace.textDocuments.forEach(startFor);
  return workspace.onDidOpenTextDocument(startFor);
}

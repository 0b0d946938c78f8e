import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { folderOf, looksLikeCapture, looksLikeDump } from "../core/index.js";
import { type AnalysedCase, CaseStore } from "./caseStore.js";
import { codeActions } from "./features/codeActions.js";
import { definition } from "./features/definition.js";
import { diagnosticsByFile } from "./features/diagnostics.js";
import { hover } from "./features/hover.js";
import { documentSymbols, foldingRanges } from "./features/outline.js";
import { caseView, packets, tryFix, walk } from "./features/packets.js";
import {
  type CaseParams,
  type ChangedParams,
  caseMethod,
  changedMethod,
  type PacketsParams,
  packetsMethod,
  type RecogniseParams,
  type RecogniseResult,
  recogniseMethod,
  showScriptCommand,
  type TryFixParams,
  tryFixMethod,
  type WalkParams,
  walkMethod,
} from "./protocol.js";
import { runSafely } from "./runSafely.js";
import type { Runtime } from "./runtime.js";

/** How long typing must rest before a case is analysed again. */
const restMilliseconds = 150;

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
  definitionProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  executeCommandProvider: { commands: [showScriptCommand] },
};

function recognise(head: string): RecogniseResult {
  if (looksLikeCapture(head)) return "cilium-monitor";
  return looksLikeDump(head) ? "iproute2" : null;
}

/** Serves one client over `connection`, reading files through `runtime`. The same function serves every host and the tests. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const documents = new TextDocuments(TextDocument);
  const store = new CaseStore(runtime, () => documents.all());
  const published = new Map<string, Set<string>>();
  let canShowDocuments = false;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Publishes the findings of a case, and takes back those of files that no longer belong to it. */
  async function publish(uri: string): Promise<void> {
    const analysed = await store.caseOf(uri);
    const byFile = diagnosticsByFile(analysed);
    for (const gone of published.get(analysed.folder) ?? []) if (!byFile.has(gone)) byFile.set(gone, []);
    for (const [file, diagnostics] of byFile) await connection.sendDiagnostics({ uri: file, diagnostics });
    published.set(analysed.folder, new Set(analysed.files.keys()));
    const changed: ChangedParams = { uris: [...analysed.files.keys()] };
    await connection.sendNotification(changedMethod, changed);
  }

  function scheduleAnalysis(uri: string, milliseconds: number): void {
    store.invalidate(uri);
    clearTimeout(waiting.get(uri));
    waiting.set(
      uri,
      setTimeout(() => {
        waiting.delete(uri);
        publish(uri).catch((error: unknown) => connection.console.error(String(error)));
      }, milliseconds),
    );
  }

  /** Answers a request about a position with what `answer` makes of the case and the offset. */
  function atPosition<T>(
    { textDocument, position }: TextDocumentPositionParams,
    answer: (analysed: AnalysedCase, offset: number) => T,
  ) {
    return async (): Promise<T | null> => {
      const document = documents.get(textDocument.uri);
      return document ? answer(await store.caseOf(document.uri), document.offsetAt(position)) : null;
    };
  }

  connection.onInitialize((params) => {
    canShowDocuments = params.capabilities.window?.showDocument?.support ?? false;
    const { didChangeWatchedFiles } = params.capabilities.workspace ?? {};
    if (didChangeWatchedFiles?.dynamicRegistration) {
      connection.onInitialized(async () => {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: "**/*" }],
        });
      });
    }
    return { capabilities, serverInfo: { name: "packetwalk" } };
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // A dump that is saved beside an open log is news for that log's case; files elsewhere are nobody's business.
    for (const { uri } of changes) {
      const neighbour = documents.all().find((document) => folderOf(document.uri) === folderOf(uri));
      if (neighbour && !documents.get(uri)) scheduleAnalysis(neighbour.uri, restMilliseconds);
    }
  });
  documents.onDidOpen(({ document }) => scheduleAnalysis(document.uri, 0));
  documents.onDidChangeContent(({ document }) =>
    scheduleAnalysis(document.uri, document.version <= 1 ? 0 : restMilliseconds),
  );
  documents.onDidSave(({ document }) => scheduleAnalysis(document.uri, 0));
  documents.onDidClose(({ document }) => scheduleAnalysis(document.uri, 0));

  connection.onHover((params, token) =>
    runSafely(
      connection,
      token,
      null,
      atPosition(params, (analysed, offset) => hover(analysed, params.textDocument.uri, offset)),
    ),
  );
  connection.onDefinition((params, token) =>
    runSafely(
      connection,
      token,
      null,
      atPosition(params, (analysed, offset) => definition(analysed, params.textDocument.uri, offset)),
    ),
  );
  connection.onCodeAction(({ textDocument, range }, token) =>
    runSafely(connection, token, [], async () =>
      codeActions(await store.caseOf(textDocument.uri), textDocument.uri, range),
    ),
  );
  connection.onDocumentSymbol(({ textDocument }, token) =>
    runSafely(connection, token, [], async () => {
      const file = (await store.caseOf(textDocument.uri)).files.get(textDocument.uri);
      return file ? documentSymbols(file) : [];
    }),
  );
  connection.onFoldingRanges(({ textDocument }, token) =>
    runSafely(connection, token, [], async () => {
      const file = (await store.caseOf(textDocument.uri)).files.get(textDocument.uri);
      return file ? foldingRanges(file) : [];
    }),
  );
  connection.onRequest(caseMethod, ({ uri }: CaseParams, token) =>
    runSafely(connection, token, null, async () => caseView(await store.caseOf(uri))),
  );
  connection.onRequest(packetsMethod, (params: PacketsParams, token) =>
    runSafely(connection, token, null, async () => packets(await store.caseOf(params.uri), params)),
  );
  connection.onRequest(walkMethod, (params: WalkParams, token) =>
    runSafely(connection, token, null, async () => walk(await store.caseOf(params.uri), params)),
  );
  connection.onRequest(tryFixMethod, (params: TryFixParams, token) =>
    runSafely(connection, token, null, async () => tryFix(await store.caseOf(params.uri), params)),
  );
  connection.onExecuteCommand(({ command, arguments: [uri] = [] }) => {
    if (command !== showScriptCommand || typeof uri !== "string" || !canShowDocuments) return;
    connection.window.showDocument({ uri, takeFocus: true }).catch(() => undefined);
  });
  connection.onRequest(recogniseMethod, ({ head }: RecogniseParams) => recognise(head));

  documents.listen(connection);
  connection.listen();
}

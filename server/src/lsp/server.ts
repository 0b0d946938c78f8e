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
import { captureScript, folderOf, looksLikeCapture, looksLikeDump } from "../core/index.js";
import { type AnalysedCase, CaseStore } from "./caseStore.js";
import { codeActions } from "./features/codeActions.js";
import { definition } from "./features/definition.js";
import { diagnosticsByFile } from "./features/diagnostics.js";
import { events } from "./features/events.js";
import { explainFinding } from "./features/explainFinding.js";
import { hover } from "./features/hover.js";
import { documentSymbols, foldingRanges } from "./features/outline.js";
import { caseView, packets, tryFix, walk } from "./features/packets.js";
import { createLargeFiles } from "./largeFiles.js";
import {
  type CaptureScriptParams,
  type CaseParams,
  type ChangedParams,
  captureScriptMethod,
  caseMethod,
  changedMethod,
  type EventsParams,
  eventsMethod,
  eventsScheme,
  type FindingPageParams,
  findingPageMethod,
  type InitializationOptions,
  type OpenCaptureParams,
  openCaptureMethod,
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
import { followSettings } from "./settings.js";
import { startProgress } from "./startProgress.js";

/** How much of a file is read to recognise it. */
const headBytes = 16 * 1024;

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
  let canShowProgress = false;
  let options: InitializationOptions = {};
  const largeFiles = createLargeFiles({
    runtime,
    onChange: (uri) => scheduleAnalysis(uri, 0),
    startProgress: (title) => startProgress(connection, title, canShowProgress),
    cacheFolder: () => (options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
  });
  const store = new CaseStore(runtime, largeFiles, () => documents.all());
  const published = new Map<string, Set<string>>();
  let canShowDocuments = false;
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Publishes the findings of a case, and takes back those of files that no longer belong to it. */
  async function publish(uri: string): Promise<void> {
    const analysed = await store.caseOf(uri);
    const byFile = diagnosticsByFile(analysed, options.findingPages === true);
    for (const gone of published.get(analysed.folder) ?? []) if (!byFile.has(gone)) byFile.set(gone, []);
    for (const [file, diagnostics] of byFile) await connection.sendDiagnostics({ uri: file, diagnostics });
    published.set(analysed.folder, new Set(analysed.files.keys()));
    const changed: ChangedParams = { uris: [...analysed.files.keys(), ...largeFiles.inFolder(analysed.folder)] };
    await connection.sendNotification(changedMethod, changed);
  }

  function scheduleAnalysis(uri: string, milliseconds: number): void {
    store.invalidate(uri);
    if (uri.startsWith(`${eventsScheme}:`)) return;
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
    canShowProgress = params.capabilities.window?.workDoneProgress ?? false;
    canShowDocuments = params.capabilities.window?.showDocument?.support ?? false;
    options = (params.initializationOptions as InitializationOptions | undefined) ?? {};
    const { didChangeWatchedFiles, configuration, didChangeConfiguration } = params.capabilities.workspace ?? {};
    connection.onInitialized(async () => {
      if (didChangeWatchedFiles?.dynamicRegistration) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: "**/*" }],
        });
      }
      if (configuration && didChangeConfiguration?.dynamicRegistration) {
        await followSettings(connection, ({ ciliumVersion, levels, problems }) => {
          for (const problem of problems) connection.console.warn(`packetwalk.levels: ${problem}`);
          const changes = [store.setCiliumVersion(ciliumVersion), store.setLevels(levels)];
          if (!changes.includes(true)) return;
          for (const { uri } of documents.all()) scheduleAnalysis(uri, 0);
        });
      }
    });
    return { capabilities, serverInfo: { name: "packetwalk" } };
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // A dump that is saved beside an open log is news for that log's case; files elsewhere are nobody's business.
    for (const { uri } of changes) {
      const folder = folderOf(uri);
      const neighbour = documents.all().find((document) => folderOf(document.uri) === folder)?.uri;
      const known = neighbour ?? largeFiles.inFolder(folder)[0];
      if (known !== undefined && !documents.get(uri)) scheduleAnalysis(known, restMilliseconds);
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
  connection.onRequest(openCaptureMethod, ({ uri }: OpenCaptureParams) => {
    largeFiles.want(uri);
    scheduleAnalysis(uri, 0);
  });
  connection.onRequest(eventsMethod, (params: EventsParams, token) =>
    runSafely(connection, token, null, async () => events(await store.caseOf(params.uri), params)),
  );
  connection.onRequest(findingPageMethod, (params: FindingPageParams, token) =>
    runSafely(connection, token, null, async () =>
      explainFinding(params, params.at && (await store.caseOf(params.at.uri))),
    ),
  );
  connection.onRequest(captureScriptMethod, (params: CaptureScriptParams) => captureScript(params));
  connection.onRequest(tryFixMethod, (params: TryFixParams, token) =>
    runSafely(connection, token, null, async () => tryFix(await store.caseOf(params.uri), params)),
  );
  connection.onExecuteCommand(({ command, arguments: [uri] = [] }) => {
    if (command !== showScriptCommand || typeof uri !== "string" || !canShowDocuments) return;
    connection.window.showDocument({ uri, takeFocus: true }).catch(() => undefined);
  });
  connection.onRequest<RecogniseResult, void>(recogniseMethod, async (params: RecogniseParams) => {
    const head = "head" in params ? params.head : await runtime.readText(params.uri, headBytes);
    return head === undefined ? null : recognise(head);
  });

  documents.listen(connection);
  connection.listen();
}

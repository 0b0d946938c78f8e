import {
  type CancellationToken,
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeResult,
  type TextDocumentPositionParams,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import {
  captureScript,
  folderOf,
  looksLikeCapture,
  looksLikeDump,
  looksLikeSettings,
  type Steps,
} from "../core/index.js";
import { type AnalysedCase, CaseStore, Superseded } from "./caseStore.js";
import { type OpenDocument, openDocuments } from "./document/openDocument.js";
import { caseView } from "./features/caseView.js";
import { codeActions } from "./features/codeActions.js";
import { definition } from "./features/definition.js";
import { events } from "./features/events.js";
import { explainFinding } from "./features/explainFinding.js";
import { fixes } from "./features/fixes.js";
import { hover } from "./features/hover.js";
import { hoverEvent } from "./features/hoverEvent.js";
import { documentSymbols, foldingRanges } from "./features/outline.js";
import { packets, tryFix, walk } from "./features/packets.js";
import { inSlices } from "./inSlices.js";
import { createLargeFiles } from "./largeFiles.js";
import {
  type CaptureScriptParams,
  type CaseParams,
  captureScriptMethod,
  caseMethod,
  type EventsParams,
  eventsMethod,
  type FindingPageParams,
  type FixesParams,
  findingPageMethod,
  fixesMethod,
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
import { createPublisher } from "./publisher.js";
import { runSafely } from "./runSafely.js";
import type { Runtime } from "./runtime.js";
import { followSettings } from "./settings.js";
import { startProgress } from "./startProgress.js";
import { headBytes } from "./wholeFiles.js";

/** How long the files of a folder must rest before its case is analysed again, ms: who writes one most often writes several. */
const restOfFiles = 150;

/** The same for a text that grows by pages: more of it is on its way (client/src/portions.ts). */
const restOfGrowing = 1000;

/** A text that grew by so much was not typed. */
const pageLength = 1 << 17;

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
  if (looksLikeDump(head)) return "iproute2";
  // What Cilium prints of itself, and a capture's set-up.
  return looksLikeSettings(head) ? "cilium-monitor" : null;
}

/** Serves one client over `connection`, reading files through `runtime`. The same function serves every host and the tests. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const documents = new TextDocuments(openDocuments);
  let canShowProgress = false;
  let options: InitializationOptions = {};
  /** Settled once the client was asked for the settings, if it can be asked. */
  let configured: Promise<void> = Promise.resolve();
  /** Of large captures that are opened from now on. */
  let memory: number | undefined;
  const largeFiles = createLargeFiles({
    runtime,
    onChange: (uri) => publisher.schedule(uri, 0),
    startProgress: (title) => startProgress(connection, title, canShowProgress),
    bounds: async () => {
      await configured;
      return {
        ...(options.cacheFolder !== undefined && { cacheFolder: options.cacheFolder }),
        ...(memory !== undefined && { memory }),
      };
    },
  });
  const store = new CaseStore(runtime, largeFiles, () => documents.all());
  const publisher = createPublisher({
    connection,
    store,
    largeFiles,
    hasPages: () => options.findingPages === true,
  });
  let canShowDocuments = false;
  /** How long documents were when they last changed. */
  const lengths = new Map<string, number>();
  /** Large documents that are being read ahead. */
  const beingRead = new Set<string>();

  /** How long a document that has changed must rest before it is analysed, ms. Who asks for its case need not wait so long. */
  function restFor({ uri, text }: OpenDocument): number {
    const before = lengths.get(uri) ?? 0;
    lengths.set(uri, text.length);
    return text.length - before > pageLength && before > 0 ? restOfGrowing : store.restOf(folderOf(uri));
  }

  /** Reads a large document as it comes, so that little is left to do once it is asked about. */
  async function readAhead({ uri }: OpenDocument): Promise<void> {
    if (beingRead.has(uri)) return;
    beingRead.add(uri);
    await inSlices(readingSteps(uri));
    beingRead.delete(uri);
  }

  function* readingSteps(uri: string): Steps<void> {
    for (;;) {
      const document = documents.get(uri);
      if (document === undefined || store.readerOf(document)?.readNext(document.text) !== true) return;
      yield;
    }
  }

  /** Answers a request with what `answer` makes of the case of a file, as it is when all changes have arrived. */
  function answerOf<T, F>(
    uri: string,
    token: CancellationToken,
    fallback: F,
    answer: (analysed: AnalysedCase) => T | Promise<T>,
  ) {
    const isWanted = () => !token.isCancellationRequested;
    return runSafely<T | F>(connection, token, fallback, async () => answer(await store.caseOf(uri, isWanted)));
  }

  /** The fixes of a case; null where it changes meanwhile, of which the client is told. */
  function fixesOf({ uri }: FixesParams, token: CancellationToken) {
    return answerOf(uri, token, null, (analysed) => {
      const isCurrent = () => store.knownCase(uri)?.revision === analysed.revision;
      return inSlices(fixes(analysed, () => isCurrent() && !token.isCancellationRequested));
    });
  }

  /** The same for a request about a place in a document: with the next change it is about nothing any more. */
  function answerFor<T, F>(uri: string, token: CancellationToken, fallback: F, answer: (analysed: AnalysedCase) => T) {
    const document = documents.get(uri);
    const isWanted = () => !token.isCancellationRequested && documents.get(uri) === document;
    return runSafely<T | F>(connection, token, fallback, async () => {
      if (!document) return fallback;
      const analysed = await store.caseOf(uri, isWanted);
      if (!isWanted()) throw new Superseded();
      return answer(analysed);
    });
  }

  /** Hovers over an event of a large document need no more than its line. */
  function hoverAt({ textDocument: { uri }, position }: TextDocumentPositionParams, token: CancellationToken) {
    const document = documents.get(uri);
    const reader = document && store.readerOf(document);
    const own = reader && hoverEvent(document, reader, position, store.knownCase(uri));
    return own ?? answerFor(uri, token, null, (analysed) => hover(analysed, uri, position));
  }

  connection.onInitialize((params) => {
    canShowProgress = params.capabilities.window?.workDoneProgress ?? false;
    canShowDocuments = params.capabilities.window?.showDocument?.support ?? false;
    options = (params.initializationOptions as InitializationOptions | undefined) ?? {};
    const { didChangeWatchedFiles, configuration, didChangeConfiguration } = params.capabilities.workspace ?? {};
    const configure = async (): Promise<void> => {
      if (didChangeWatchedFiles?.dynamicRegistration) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: "**/*" }],
        });
      }
      if (configuration && didChangeConfiguration?.dynamicRegistration) {
        await followSettings(connection, ({ ciliumVersion, levels, memory: asked, problems }) => {
          memory = asked;
          for (const problem of problems) connection.console.warn(`packetwalk.levels: ${problem}`);
          const changes = [store.setCiliumVersion(ciliumVersion), store.setLevels(levels)];
          if (!changes.includes(true)) return;
          for (const { uri } of documents.all()) publisher.schedule(uri, 0);
        });
      }
    };
    configured = new Promise((resolve) => {
      connection.onInitialized(async () => {
        try {
          await configure();
        } finally {
          resolve();
        }
      });
    });
    return { capabilities, serverInfo: { name: "packetwalk" } };
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    // A dump that is saved beside an open log is news for that log's case; files elsewhere are nobody's business.
    for (const { uri } of changes) {
      const folder = folderOf(uri);
      const neighbour = documents.all().find((document) => folderOf(document.uri) === folder)?.uri;
      const known = neighbour ?? largeFiles.inFolder(folder)[0];
      if (known !== undefined && !documents.get(uri)) publisher.schedule(known, restOfFiles);
    }
  });
  const opened = new WeakSet<OpenDocument>();
  documents.onDidOpen(({ document }) => {
    opened.add(document);
    lengths.set(document.uri, document.text.length);
    publisher.schedule(document.uri, 0);
  });
  documents.onDidChangeContent(({ document }) => {
    // An opened document is told of twice.
    if (!opened.has(document)) publisher.schedule(document.uri, restFor(document));
    readAhead(document).catch((error: unknown) => connection.console.error(String(error)));
  });
  documents.onDidClose(({ document }) => {
    lengths.delete(document.uri);
    publisher.schedule(document.uri, 0);
  });

  connection.onHover((params, token) => {
    const document = documents.get(params.textDocument.uri);
    return runSafely(connection, token, null, () => {
      if (documents.get(params.textDocument.uri) !== document) throw new Superseded();
      return hoverAt(params, token);
    });
  });
  connection.onDefinition(({ textDocument: { uri }, position }, token) =>
    answerFor(uri, token, null, (analysed) => definition(analysed, uri, position)),
  );
  connection.onCodeAction(({ textDocument: { uri }, range }, token) =>
    answerFor(uri, token, [], (analysed) => codeActions(analysed, uri, range)),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }, token) =>
    answerFor(uri, token, [], ({ files }) => documentSymbols(files.get(uri))),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }, token) =>
    answerFor(uri, token, [], ({ files }) => foldingRanges(files.get(uri))),
  );
  connection.onRequest(caseMethod, ({ uri }: CaseParams, token) => answerOf(uri, token, null, caseView));
  connection.onRequest(fixesMethod, fixesOf);
  connection.onRequest(packetsMethod, (params: PacketsParams, token) =>
    answerOf(params.uri, token, null, (analysed) => packets(analysed, params)),
  );
  connection.onRequest(walkMethod, (params: WalkParams, token) =>
    answerOf(params.uri, token, null, (analysed) => walk(analysed, params)),
  );
  connection.onRequest(openCaptureMethod, ({ uri }: OpenCaptureParams) => {
    largeFiles.want(uri);
    publisher.schedule(uri, 0);
  });
  connection.onRequest(eventsMethod, (params: EventsParams, token) =>
    answerOf(params.uri, token, null, (analysed) => events(analysed, params)),
  );
  connection.onRequest(findingPageMethod, (params: FindingPageParams, token) =>
    params.at
      ? answerOf(params.at.uri, token, null, (analysed) => explainFinding(params, analysed))
      : explainFinding(params, undefined),
  );
  connection.onRequest(captureScriptMethod, (params: CaptureScriptParams) => captureScript(params));
  connection.onRequest(tryFixMethod, (params: TryFixParams, token) =>
    answerOf(params.uri, token, null, (analysed) => tryFix(analysed, params)),
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

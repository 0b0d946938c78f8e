import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import {
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { URI } from "vscode-uri";
import type { Runtime } from "../../server/src/lsp/runtime.js";
import { startServer } from "../../server/src/lsp/server.js";
import { nodeRuntime } from "../../server/src/node/nodeRuntime.js";

/** A client that talks to a server in this process, through two in-memory streams, as an editor does through pipes. */
export interface InProcessClient {
  readonly connection: ProtocolConnection;
  /** Opens a document: `text`, or what stands in the file. Returns its URI. */
  readonly open: (path: string, text?: string) => Promise<string>;
  /** Waits until diagnostics of the document were published after this call or before it, and answers the newest. */
  readonly diagnostics: (uri: string) => Promise<readonly Diagnostic[]>;
  /** Whether diagnostics of the document have been published. */
  readonly published: (uri: string) => boolean;
  readonly dispose: () => void;
}

/**
 * Starts a server and initialises it. With `settings` the client can be asked for its configuration, and answers with what these hold
 * at the time.
 */
export async function startClient(
  runtime: Runtime = nodeRuntime,
  settings?: Readonly<Record<string, unknown>>,
  initializationOptions?: Readonly<Record<string, unknown>>,
): Promise<InProcessClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), runtime);
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const newest = new Map<string, readonly Diagnostic[]>();
  const waiting = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
    newest.set(uri, diagnostics);
    waiting.get(uri)?.(diagnostics);
    waiting.delete(uri);
  });
  connection.onRequest(RegistrationRequest.type, () => undefined);
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => settings ?? null));
  connection.listen();
  const capabilities = settings
    ? { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } }
    : {};
  await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    capabilities,
    ...(initializationOptions && { initializationOptions }),
  });
  await connection.sendNotification("initialized", {});
  return {
    connection,
    async open(path, text) {
      const uri = path.includes(":") ? path : URI.file(path).toString();
      await connection.sendNotification("textDocument/didOpen", {
        textDocument: { uri, languageId: "plaintext", version: 1, text: text ?? readFileSync(path, "utf8") },
      });
      return uri;
    },
    diagnostics: async (uri) => newest.get(uri) ?? new Promise((resolve) => waiting.set(uri, resolve)),
    published: (uri) => newest.has(uri),
    dispose() {
      connection.dispose();
      toServer.destroy();
      toClient.destroy();
    },
  };
}

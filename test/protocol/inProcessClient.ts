import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
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
  readonly dispose: () => void;
}

/** Starts a server and initialises it. */
export async function startClient(runtime: Runtime = nodeRuntime): Promise<InProcessClient> {
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
  connection.listen();
  await connection.sendRequest(InitializeRequest.type, { processId: null, rootUri: null, capabilities: {} });
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
    dispose() {
      connection.dispose();
      toServer.destroy();
      toClient.destroy();
    },
  };
}

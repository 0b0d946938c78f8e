import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { clientFiles } from "../lsp/clientFiles.js";
import { startServer } from "../lsp/server.js";
import { nodeRuntime, openCaptureFile } from "./nodeRuntime.js";

const connection = createConnection(ProposedFeatures.all);
const elsewhere = clientFiles(connection);
const runtimeOf = (uri: string) => (uri.startsWith("file:") ? nodeRuntime : elsewhere);

startServer(connection, {
  listFolder: (uri) => runtimeOf(uri).listFolder(uri),
  readText: (uri, bytes) => runtimeOf(uri).readText(uri, bytes),
  openCapture: (uri, options) => openCaptureFile(uri, options),
});

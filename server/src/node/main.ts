import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "../lsp/server.js";
import { nodeRuntime } from "./nodeRuntime.js";

startServer(createConnection(ProposedFeatures.all), nodeRuntime);

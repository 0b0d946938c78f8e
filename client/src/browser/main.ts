import { type ExtensionContext, Uri } from "vscode";
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from "vscode-languageclient/browser";
import { startExtension } from "../extension.js";

/** Called by the editor in a browser without a host behind it: the server is a web worker. */
export function activate(context: ExtensionContext): void {
  startExtension(context, ({ extensionUri }, options) => {
    const script = Uri.joinPath(extensionUri, "dist", "server.browser.js").toString(true);
    // The streams by name: VS Code gives workers of its own class, which the client does not know for one.
    const startServer = async () => {
      const worker = new Worker(script);
      return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
    };
    return new LanguageClient("packetwalk", "Packetwalk", startServer, options);
  });
}

import type { ExtensionContext } from "vscode";
import { LanguageClient, TransportKind } from "vscode-languageclient/node";
import { startExtension } from "../extension.js";

/** Called by the editor on a desktop or a remote host: the server is a process of its own. */
export function activate(context: ExtensionContext): void {
  startExtension(context, ({ asAbsolutePath }, options) => {
    const module = asAbsolutePath("dist/server.cjs");
    return new LanguageClient("packetwalk", "Packetwalk", { module, transport: TransportKind.ipc }, options);
  });
}

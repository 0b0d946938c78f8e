import { commands, Uri, ViewColumn, window, workspace } from "vscode";
import { openPanelCommand } from "../../server/src/lsp/protocol.js";

/** The files of the sample case, in the order in which they are opened; the last one stays in front. */
const files = ["normal.log", "node.txt", "broken.log"];

/** Opens the sample case that is shipped with the extension, and the panel with its broken packet. */
export async function openSample(extension: Uri): Promise<void> {
  for (const file of files) {
    const document = await workspace.openTextDocument(Uri.joinPath(extension, "samples", "story", file));
    await window.showTextDocument(document, { viewColumn: ViewColumn.Active, preview: false });
  }
  await commands.executeCommand(openPanelCommand);
}

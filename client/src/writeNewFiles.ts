import { type CodeAction, type Command, type Uri, WorkspaceEdit } from "vscode";
import { showScriptCommand } from "../../server/src/lsp/protocol.js";

/** Whether an action writes a new file: such an action shows the file afterwards. */
function writesNewFile(action: Command | CodeAction): action is CodeAction {
  return typeof action.command === "object" && action.command.command === showScriptCommand;
}

/**
 * Makes a code action that writes a new file do so in one step. The protocol knows only "create, then insert", and between the two the editor
 * may notice the new, empty file on the disk: then it refuses the insertion, for the file "has changed in the meantime".
 */
export function writeNewFiles(action: Command | CodeAction): void {
  if (!writesNewFile(action) || !action.edit) return;
  const edit = new WorkspaceEdit();
  for (const [uri, edits] of action.edit.entries() as [Uri, { newText: string }[]][]) {
    const contents = new TextEncoder().encode(edits.map(({ newText }) => newText).join(""));
    edit.createFile(uri, { overwrite: true, contents });
  }
  action.edit = edit;
}

import assert from "node:assert/strict";
import * as vscode from "vscode";

const extensionId = "packetwalk.packetwalk";

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

function ownExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension, `VS Code does not know the extension ${extensionId}`);
  return extension;
}

async function openSample(name: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "no folder is open");
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, name));
  await vscode.window.showTextDocument(document);
  return document;
}

describe("the extension", () => {
  it("is activated without an error", async () => {
    await openSample("node.txt");
    await ownExtension().activate();
    assert.equal(ownExtension().isActive, true);
  });

  it("registers every command that its manifest offers", async () => {
    const manifest: Manifest = ownExtension().packageJSON;
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = (manifest.contributes?.commands ?? [])
      .map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});

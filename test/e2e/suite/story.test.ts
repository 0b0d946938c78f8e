import assert from "node:assert/strict";
import * as vscode from "vscode";

/** The story through the editor's own requests, inside the extension host. */
describe("the story through the editor", () => {
  function uriOf(name: string): vscode.Uri {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder, "no folder is open");
    return vscode.Uri.joinPath(folder.uri, name);
  }

  /** Waits for an event that makes `find` answer something; never sleeps. */
  function until<T>(event: vscode.Event<unknown>, find: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const subscription = event(check);
      check();
      function check(): void {
        const found = find();
        if (found === undefined) return;
        subscription?.dispose();
        resolve(found);
      }
    });
  }

  /** Shows a file, and waits until its language is known: recognising it closes and opens the document, which drops requests about it. */
  async function open(name: string): Promise<vscode.TextDocument> {
    const language = name.endsWith(".log") ? "cilium-monitor" : "iproute2";
    const uri = uriOf(name).toString();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(name)));
    return until(vscode.workspace.onDidOpenTextDocument, () =>
      vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri && each.languageId === language),
    );
  }

  /** The finding's code; VS Code wraps a code that leads to a page. */
  function codeOf({ code }: vscode.Diagnostic): string | number | undefined {
    return typeof code === "object" ? code.value : code;
  }

  function diagnosticOf(name: string, code: string): Promise<vscode.Diagnostic> {
    const uri = uriOf(name);
    return until(vscode.languages.onDidChangeDiagnostics, () =>
      vscode.languages.getDiagnostics(uri).find((diagnostic) => codeOf(diagnostic) === code),
    );
  }

  /**
   * Asks as the editor does: again, where nothing came. Documents behind other tabs are closed and opened at the editor's own time, which drops
   * a request about them.
   */
  async function answered<T>(ask: () => Thenable<T[]>): Promise<T[]> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const answers = await ask();
      if (answers.length > 0) return answers;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return [];
  }

  async function hoverOn(name: string, text: string, within = 0): Promise<string> {
    const document = await open(name);
    const offset = document.getText().indexOf(text);
    assert.notEqual(offset, -1, `${name} does not contain ${text}`);
    const hovers = await answered(() =>
      vscode.commands.executeCommand<vscode.Hover[]>(
        "vscode.executeHoverProvider",
        document.uri,
        document.positionAt(offset + within),
      ),
    );
    const parts = hovers.flatMap(({ contents }) => contents);
    return parts.map((part) => (typeof part === "string" ? part : part.value)).join("\n");
  }

  async function fixesAt(name: string, { range }: vscode.Diagnostic): Promise<vscode.CodeAction[]> {
    await open(name);
    return answered(() =>
      vscode.commands.executeCommand<vscode.CodeAction[]>(
        "vscode.executeCodeActionProvider",
        uriOf(name),
        range,
        "quickfix",
      ),
    );
  }

  it("recognises the files by what is in them", async () => {
    assert.equal((await open("node.txt")).languageId, "iproute2");
    assert.equal((await open("normal.log")).languageId, "cilium-monitor");
  });

  it("hovers on a log: observation point, flow hash, layers, and the whole event", async () => {
    await diagnosticOf("broken.log", "diverged-path");
    assert.match(await hoverOn("normal.log", '"observationPoint":"to-stack"', 22), /to-stack/);
    assert.match(await hoverOn("normal.log", '"mark":"0xc1d67621"', 10), /flow hash/);
    assert.match(await hoverOn("normal.log", "TTL=62", 1), /62/);
    assert.match(await hoverOn("normal.log", '"cpu"', 2), /171\\?\.0\\?\.1\\?\.83/);
  });

  it("hovers on a dump: rule with owner and table, route", async () => {
    assert.match(await hoverOn("node.txt", "9: from all fwmark", 4), /Cilium/);
    assert.match(await hoverOn("node.txt", "32760: from", 9), /10\\?\.10\\?\.40\\?\.254/);
    assert.match(await hoverOn("node.txt", "171.0.1.0/24 via", 2), /cilium/);
  });

  it("reports the rule and the diverged reply, and nothing on the normal capture", async () => {
    const rule = await diagnosticOf("node.txt", "shadowing-rule");
    assert.equal(rule.severity, vscode.DiagnosticSeverity.Warning);
    assert.ok((rule.relatedInformation ?? []).length >= 3);
    const diverged = await diagnosticOf("broken.log", "diverged-path");
    assert.equal(diverged.severity, vscode.DiagnosticSeverity.Error);
    assert.deepEqual(vscode.languages.getDiagnostics(uriOf("normal.log")), []);
  });

  it("opens the page of a finding by the link of its code", async () => {
    const { code } = await diagnosticOf("node.txt", "shadowing-rule");
    assert.ok(typeof code === "object");
    const page = await vscode.workspace.openTextDocument(code.target);
    assert.match(page.getText(), /^# shadowing-rule\n/);
    assert.match(page.getText(), /^## Here$/m);
  });

  it("offers to write the fix as a script beside the dump", async () => {
    const actions = await fixesAt("node.txt", await diagnosticOf("node.txt", "shadowing-rule"));
    const write = actions.find(({ title }) => title.startsWith("Write the fix"));
    // That the file is written is tested in a window: an edit with the contents of a file can be applied by the editor alone.
    assert.ok(write?.edit, actions.map(({ title }) => title).join("\n"));
    assert.equal(write.command?.command, "packetwalk.showScript");
    assert.match(String(write.command.arguments?.[0]), /\/fix-rule-32758-narrow\.sh$/);
  });

  it("offers the same fixes on the diverged reply", async () => {
    const actions = await fixesAt("broken.log", await diagnosticOf("broken.log", "diverged-path"));
    assert.ok(actions.some(({ title }) => title === "Try the fix in the panel"));
  });

  it("goes from the rule to its table", async () => {
    const document = await open("node.txt");
    const offset = document.getText().indexOf("lookup 100");
    const places = await answered(() =>
      vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
        "vscode.executeDefinitionProvider",
        document.uri,
        document.positionAt(offset),
      ),
    );
    const [place] = places;
    assert.ok(place);
    const range = "range" in place ? place.range : place.targetRange;
    assert.match(document.lineAt(range.start.line).text, /^default via 10\.10\.40\.254 dev eth0/);
  });
});

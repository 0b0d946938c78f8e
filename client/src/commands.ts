import { commands, Disposable, type LogOutputChannel, languages, type QuickPickItem, type Uri, window } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type CopyFixArguments,
  copyCommand,
  type FixesParams,
  type FixesResult,
  type FixView,
  fixesMethod,
  type OpenPathArguments,
  openPanelCommand,
  type TryFixArguments,
  tryFixCommand,
} from "../../server/src/lsp/protocol.js";
import { writeCaptureScript } from "./captureScript.js";
import type { CaseFeed } from "./caseFeed.js";
import { dumpLanguage, type LanguageId, monitorLanguage } from "./languages.js";
import { openCapture, openCaptureCommand } from "./openCapture.js";
import { openSample } from "./openSample.js";
import { copyText, type PathPanel, pathView } from "./pathPanel/panel.js";

/** The condition under which the palette shows the commands about fixes. */
const hasFixesKey = "packetwalk.hasFixes";

/** The commands of the palette and of code actions. Those that a code action gives no arguments ask for what they need. */
export function registerCommands(
  client: BaseLanguageClient,
  feed: CaseFeed,
  panel: PathPanel,
  log: LogOutputChannel,
  extension: Uri,
): Disposable {
  async function openPath(target?: OpenPathArguments): Promise<void> {
    if (target?.uri !== undefined) await feed.follow(target.uri);
    if (target?.packet !== undefined) panel.select(target.packet, target.hop);
    await commands.executeCommand(`${pathView}.focus`);
  }

  async function copyFix(fix?: CopyFixArguments): Promise<void> {
    const text = fix?.text ?? (await pickFix(client, feed))?.commands.join("\n");
    if (text !== undefined) await copyText(text);
  }

  async function tryFix(target?: TryFixArguments): Promise<void> {
    if (target !== undefined) await feed.follow(target.uri);
    const fixId = target?.fixId ?? (await pickFix(client, feed))?.id;
    if (fixId === undefined) return;
    await commands.executeCommand(`${pathView}.focus`);
    await panel.tryFix(fixId);
  }

  return Disposable.from(
    commands.registerCommand(openPanelCommand, openPath),
    commands.registerCommand(copyCommand, copyFix),
    commands.registerCommand(tryFixCommand, tryFix),
    commands.registerCommand(openCaptureCommand, (target: unknown) => openCapture(client, target)),
    commands.registerCommand("packetwalk.openSample", () => openSample(extension)),
    commands.registerCommand("packetwalk.writeCaptureScript", () => writeCaptureScript(client)),
    commands.registerCommand("packetwalk.treatAsMonitorLog", () => treatAs(monitorLanguage)),
    commands.registerCommand("packetwalk.treatAsDump", () => treatAs(dumpLanguage)),
    commands.registerCommand("packetwalk.restartServer", async () => {
      await client.stop();
      await client.start();
    }),
    commands.registerCommand("packetwalk.showLog", () => log.show()),
    feed.onDidChange((current) => {
      const hasFixes = current.type === "known" && current.known.mayHaveFixes;
      void commands.executeCommand("setContext", hasFixesKey, hasFixes);
    }),
  );
}

async function treatAs(language: LanguageId): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document !== undefined) await languages.setTextDocumentLanguage(document, language);
  else
    void window.showInformationMessage(
      "Open the file in a text editor first. VS Code hides files over 50 MB from extensions.",
    );
}

async function fixesOf(client: BaseLanguageClient, { current }: CaseFeed): Promise<readonly FixView[]> {
  if (current.type !== "known") return [];
  const params: FixesParams = { uri: current.uri };
  return (await client.sendRequest<FixesResult>(fixesMethod, params))?.fixes ?? [];
}

async function pickFix(client: BaseLanguageClient, feed: CaseFeed): Promise<FixView | undefined> {
  const fixes = await fixesOf(client, feed);
  if (fixes.length === 0) {
    void window.showInformationMessage("There is no fix to offer for the files of this case.");
    return undefined;
  }
  const items = fixes.map((fix): QuickPickItem & { fix: FixView } => ({
    label: fix.title,
    detail: fix.commands.join("; "),
    fix,
  }));
  const picked = await window.showQuickPick(items, { placeHolder: "Which fix?", matchOnDetail: true });
  return picked?.fix;
}

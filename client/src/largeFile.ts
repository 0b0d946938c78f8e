import {
  Disposable,
  type LogOutputChannel,
  StatusBarAlignment,
  TabInputText,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type RecogniseParams, type RecogniseResult, recogniseMethod } from "../../server/src/lsp/protocol.js";
import { monitorLanguage } from "./languages.js";
import { openCaptureCommand } from "./openCapture.js";

/** VS Code hands no document to extensions that has more bytes (`TextModel._MODEL_SYNC_LIMIT`, src/vs/editor/common/model/textModel.ts). */
const hiddenFrom = 50 * 1024 * 1024;

/** A file that VS Code keeps to itself. */
interface HiddenFile {
  readonly uri: Uri;
  readonly size: number;
  /** Whether it is packed, so that the editor would show only that it is no text. */
  readonly isPacked: boolean;
}

/** The file in front, where it is one that VS Code keeps to itself. */
async function hiddenFileInFront(): Promise<HiddenFile | undefined> {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof TabInputText)) return undefined;
  const { uri } = input;
  if (workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return undefined;
  const { size } = await workspace.fs.stat(uri);
  const isPacked = /\.(?:gz|zst)$/i.test(uri.path);
  return isPacked || size > hiddenFrom ? { uri, size, isPacked } : undefined;
}

function wordsFor({ size, isPacked }: HiddenFile): { readonly text: string; readonly tooltip: string } {
  const megabytes = Math.round(size / 1024 / 1024);
  return isPacked
    ? {
        text: "$(git-compare) Packed capture: show its packets",
        tooltip:
          "This capture is packed. Packetwalk unpacks it into its own folder, away from your files, and shows its packets in the panel.",
      }
    : {
        text: "$(git-compare) Too large for extensions: show its packets",
        tooltip: `This capture has ${megabytes} MB. VS Code hides files over 50 MB from extensions, so there are no hovers in it; Packetwalk reads the file itself and shows its packets in the panel.`,
      };
}

/**
 * Notices a capture in front that is too large for extensions or packed, says so in the status bar and offers to read it all the same. No document
 * tells of such a file; only its tab does.
 */
export function noticeLargeFiles(client: BaseLanguageClient, log: LogOutputChannel): Disposable {
  const item = window.createStatusBarItem("packetwalk.largeFile", StatusBarAlignment.Right, 100);
  item.name = "Packetwalk: Large Capture";
  item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
  let asked = 0;

  async function look(): Promise<void> {
    const question = ++asked;
    item.hide();
    const file = await hiddenFileInFront();
    if (file === undefined || question !== asked) return;
    const params: RecogniseParams = { uri: file.uri.toString() };
    const language = await client.sendRequest<RecogniseResult>(recogniseMethod, params);
    if (language !== monitorLanguage || question !== asked) return;
    Object.assign(item, wordsFor(file));
    item.command = { command: openCaptureCommand, title: "Open Capture", arguments: [file.uri] };
    item.show();
  }

  const lookSafely = () => void look().catch((error: unknown) => log.debug(String(error)));
  const following = window.tabGroups.onDidChangeTabs(lookSafely);
  lookSafely();
  return Disposable.from(following, item);
}

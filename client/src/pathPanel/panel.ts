import {
  commands,
  type Disposable,
  env,
  type LogOutputChannel,
  Uri,
  type WebviewView,
  type WebviewViewProvider,
  window,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { type TryFixParams, type TryFixResult, tryFixMethod } from "../../../server/src/lsp/protocol.js";
import type { CaseFeed, OpenCase } from "../caseFeed.js";
import type { Revealer } from "../revealLocation.js";
import { pageHtml } from "./html.js";
import type { FromPage, ToPage, TriedFix } from "./messages.js";

export const pathView = "packetwalk.path";

const nothingOpen =
  "Open a cilium monitor log, or the output of ip rule and ip route, to see the way its packets took. Files of one folder are read together.";
const noAnswer = "The language server does not answer. The command “Packetwalk: Show Log” shows why.";

export interface PathPanel extends WebviewViewProvider, Disposable {
  /** Selects a walk and, if given, one of its hops. */
  select(walk: string, hop: number | undefined): void;
  /** Applies a fix in the simulation and shows the packet's new way. */
  tryFix(fixId: string): Promise<void>;
}

/** What the panel works with. */
export interface PathPanelParts {
  /** Folder of the extension. */
  readonly extension: Uri;
  readonly client: LanguageClient;
  readonly feed: CaseFeed;
  readonly revealer: Revealer;
  readonly log: LogOutputChannel;
}

/** What the user looks at. */
interface Selection {
  readonly walk: string;
  readonly hop?: number;
}

/**
 * The extension's side of the *Packet path* view. It holds what is shown, so that the page can be thrown away whenever it is
 * hidden and be drawn again from messages.
 */
export function createPathPanel({ extension, client, feed, revealer, log }: PathPanelParts): PathPanel {
  const dist = Uri.joinPath(extension, "dist");
  let view: WebviewView | undefined;
  let folder: string | undefined;
  let selection: Selection | undefined;
  let tried: TriedFix | undefined;

  function post(message: ToPage): void {
    void view?.webview.postMessage(message);
  }

  function postState(): void {
    post(stateMessage(feed.current, selection, tried));
  }

  /** A case that changed keeps what was selected in it and the fix that was tried; another case starts afresh. */
  async function onCase(next: OpenCase): Promise<void> {
    if (next.type === "known") {
      const nextFolder = next.uri.slice(0, next.uri.lastIndexOf("/"));
      if (folder !== nextFolder) selection = tried = undefined;
      folder = nextFolder;
      if (tried !== undefined) tried = await simulate(next.uri, tried.fix.id);
    }
    if (next === feed.current) postState();
  }

  async function simulate(uri: string, fixId: string): Promise<TriedFix | undefined> {
    const params: TryFixParams = { uri, fixId };
    return (await client.sendRequest<TryFixResult | null>(tryFixMethod, params)) ?? undefined;
  }

  async function tryFix(fixId: string): Promise<void> {
    const { current } = feed;
    const answer = current.type === "known" ? await simulate(current.uri, fixId) : undefined;
    if (answer === undefined) {
      void window.showWarningMessage(
        "This fix can't be tried any more: the files it was worked out from have changed.",
      );
      return;
    }
    tried = answer;
    post({ type: "tried", tried });
  }

  async function onMessage(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return postState();
      case "reveal":
        return revealer.reveal(message.location, message.focus ?? false);
      case "openFile":
        return commands.executeCommand("workbench.action.files.openFile");
      case "tryFix":
        return tryFix(message.fixId);
      case "leaveFix":
        tried = undefined;
        return;
      case "copy":
        return copyText(message.text);
      case "selected":
        selection = { walk: message.walk, hop: message.hop };
    }
  }

  const logError = (error: unknown) => log.error(String(error));
  const following = feed.onDidChange((next) => void onCase(next).catch(logError));
  return {
    resolveWebviewView(resolved) {
      view = resolved;
      resolved.webview.options = { enableScripts: true, localResourceRoots: [dist] };
      resolved.webview.onDidReceiveMessage((message: FromPage) => void onMessage(message).catch(logError));
      resolved.onDidDispose(() => {
        view = undefined;
      });
      resolved.webview.html = pageHtml(resolved.webview, dist);
    },
    select(walk, hop) {
      selection = hop === undefined ? { walk } : { walk, hop };
      post({ type: "select", ...selection });
    },
    tryFix,
    dispose: () => following.dispose(),
  };
}

/** Copies commands and says so. */
export async function copyText(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage("$(check) Copied", 2000);
}

function stateMessage(current: OpenCase, selection: Selection | undefined, tried: TriedFix | undefined): ToPage {
  switch (current.type) {
    case "none":
      return { type: "empty", sentence: nothingOpen };
    case "loading":
      return { type: "loading" };
    case "failed":
      return { type: "empty", sentence: noAnswer };
    case "known":
      return {
        type: "paths",
        result: current.result,
        ...(selection !== undefined && { selected: selection.walk }),
        ...(selection?.hop !== undefined && { hop: selection.hop }),
        ...(tried !== undefined && { tried }),
      };
  }
}

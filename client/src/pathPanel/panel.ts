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
import type { BaseLanguageClient } from "vscode-languageclient";
import {
  type FixesParams,
  type FixesResult,
  type FixView,
  fixesMethod,
  type PacketsParams,
  type PacketsResult,
  packetsMethod,
  type TryFixParams,
  type TryFixResult,
  tryFixMethod,
  type WalkParams,
  type WalkResult,
  walkMethod,
} from "../../../server/src/lsp/protocol.js";
import type { CaseFeed, OpenCase } from "../caseFeed.js";
import type { EventsDocuments } from "../eventsDocument.js";
import { latestRequest } from "../latestRequest.js";
import type { Revealer } from "../revealLocation.js";
import { pageHtml } from "./html.js";
import type { FromPage, ListRequest, ToPage, WalkRequest } from "./messages.js";

export const pathView = "packetwalk.path";

const nothingOpen =
  "Open a cilium monitor log, or the output of ip rule and ip route, to see the way its packets took. Files of one folder are read together.";
const noAnswer = "The language server does not answer. Its log says why.";

export interface PathPanel extends WebviewViewProvider, Disposable {
  /** Selects a packet and, if given, a hop of its walk. */
  select(packet: string, hop: number | undefined): void;
  /** Applies a fix in the simulation and shows the packet's new way. */
  tryFix(fixId: string): Promise<void>;
}

/** What the panel works with. */
export interface PathPanelParts {
  /** Folder of the extension. */
  readonly extension: Uri;
  readonly client: BaseLanguageClient;
  readonly feed: CaseFeed;
  readonly revealer: Revealer;
  readonly eventsDocuments: EventsDocuments;
  readonly log: LogOutputChannel;
}

/** What the user looks at. */
interface Selection {
  readonly packet: string;
  readonly hop?: number;
}

/**
 * The extension's side of the *Packet path* view. It holds what is shown, so that the page can be thrown away whenever it is
 * hidden and be drawn again from messages.
 */
export function createPathPanel(parts: PathPanelParts): PathPanel {
  const { extension, client, feed, revealer, eventsDocuments, log } = parts;
  const dist = Uri.joinPath(extension, "dist");
  const askPackets = latestRequest<PacketsParams, PacketsResult | null>(client, packetsMethod);
  const askFixes = latestRequest<FixesParams, FixesResult>(client, fixesMethod);
  const askWalk = latestRequest<WalkParams, WalkResult | null>(client, walkMethod);
  let view: WebviewView | undefined;
  let folder: string | undefined;
  let selection: Selection | undefined;
  let tried: FixView | undefined;

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
      if (tried !== undefined) tried = (await simulate(next.uri, tried.id))?.fix;
    }
    if (next === feed.current) postState();
  }

  function simulate(uri: string, fixId: string): Promise<TryFixResult | null> {
    const params: TryFixParams = { uri, fixId, ...(selection !== undefined && { packet: selection.packet }) };
    return client.sendRequest<TryFixResult | null>(tryFixMethod, params);
  }

  async function postList({ current }: CaseFeed, request: ListRequest): Promise<void> {
    if (current.type !== "known") return;
    const { revision: _, ...asked } = request;
    const result = await askPackets({ uri: current.uri, ...asked });
    if (result) post({ type: "list", request, result });
  }

  async function postWalk({ current }: CaseFeed, request: WalkRequest): Promise<void> {
    if (current.type !== "known") return;
    const { revision: _, ...asked } = request;
    const result = await askWalk({ uri: current.uri, ...asked });
    if (result !== undefined) post({ type: "walk", request, result });
  }

  async function postFixes({ current }: CaseFeed, revision: number): Promise<void> {
    if (current.type !== "known") return;
    const result = await askFixes({ uri: current.uri });
    if (result) post({ type: "fixes", revision, result });
  }

  async function tryFix(fixId: string): Promise<void> {
    const { current } = feed;
    const answer = current.type === "known" ? await simulate(current.uri, fixId) : null;
    if (answer === null) {
      void window.showWarningMessage(
        "This fix can't be tried any more: the files it was worked out from have changed.",
      );
      return;
    }
    tried = answer.fix;
    post({ type: "tried", ...answer });
  }

  async function onMessage(message: FromPage): Promise<void> {
    switch (message.type) {
      case "ready":
        return postState();
      case "list":
        return postList(feed, message.request);
      case "walk":
        return postWalk(feed, message.request);
      case "fixes":
        return postFixes(feed, message.revision);
      case "reveal":
        return revealer.reveal(message.location, message.focus ?? false);
      case "showEvents":
        if (feed.current.type !== "known") return;
        return eventsDocuments.show(feed.current.uri, message.packet, message.title);
      case "openFile":
        return commands.executeCommand("workbench.action.files.openFile");
      case "openSample":
        return commands.executeCommand("packetwalk.openSample");
      case "restartServer":
        return commands.executeCommand("packetwalk.restartServer");
      case "showLog":
        return commands.executeCommand("packetwalk.showLog");
      case "tryFix":
        return tryFix(message.fixId);
      case "leaveFix":
        tried = undefined;
        return;
      case "copy":
        return copyText(message.text);
      case "selected":
        selection = { packet: message.packet, hop: message.hop };
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
    select(packet, hop) {
      selection = hop === undefined ? { packet } : { packet, hop };
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

function stateMessage(current: OpenCase, selection: Selection | undefined, tried: FixView | undefined): ToPage {
  switch (current.type) {
    case "none":
      return { type: "empty", sentence: nothingOpen };
    case "loading":
      return { type: "loading" };
    case "failed":
      return { type: "failed", sentence: noAnswer };
    case "known":
      return {
        type: "case",
        known: current.known,
        ...selection,
        ...(tried !== undefined && { tried }),
      };
  }
}

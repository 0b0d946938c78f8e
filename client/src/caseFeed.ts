import { type Disposable, type Event, EventEmitter, type LogOutputChannel, type TextEditor, window } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import {
  type CaseParams,
  type CaseView,
  type ChangedParams,
  caseMethod,
  changedMethod,
} from "../../server/src/lsp/protocol.js";
import { isPartOfCase } from "./languages.js";

/** What the server knows about the case that the user looks at. */
export type OpenCase =
  | { readonly type: "none" }
  | { readonly type: "loading"; readonly uri: string }
  | { readonly type: "failed"; readonly uri: string }
  | { readonly type: "known"; readonly uri: string; readonly known: CaseView };

export interface CaseFeed extends Disposable {
  readonly current: OpenCase;
  readonly onDidChange: Event<OpenCase>;
  /** Turns to the case of a document; resolves when it is known, or can't be. */
  follow(uri: string): Promise<void>;
}

/** Follows the active editor and keeps what is known of its case up to date. Editors of other languages leave the case as it is. */
export function createCaseFeed(client: BaseLanguageClient, log: LogOutputChannel): CaseFeed {
  const changes = new EventEmitter<OpenCase>();
  let current: OpenCase = { type: "none" };
  let asked = 0;

  async function ask(uri: string): Promise<void> {
    const question = ++asked;
    if (current.type !== "known") update({ type: "loading", uri });
    const params: CaseParams = { uri };
    const known = await client.sendRequest<CaseView | null>(caseMethod, params).catch((error: unknown) => {
      log.error(String(error));
      return null;
    });
    if (question !== asked) return;
    update(known === null ? { type: "failed", uri } : { type: "known", uri, known });
  }

  function update(next: OpenCase): void {
    const before = current;
    current = next;
    if (JSON.stringify(before) !== JSON.stringify(next)) changes.fire(next);
  }

  function followEditor(editor: TextEditor | undefined): void {
    if (editor !== undefined && isPartOfCase(editor.document)) void ask(editor.document.uri.toString());
  }

  function refresh(): void {
    if (current.type !== "none") void ask(current.uri);
  }

  const subscriptions = [
    changes,
    window.onDidChangeActiveTextEditor(followEditor),
    client.onNotification(changedMethod, ({ uris }: ChangedParams) => {
      if (current.type !== "none" && uris.includes(current.uri)) refresh();
      else if (current.type === "none") followEditor(window.activeTextEditor);
    }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) refresh();
    }),
  ];
  followEditor(window.activeTextEditor);

  return {
    get current() {
      return current;
    },
    onDidChange: changes.event,
    follow: ask,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

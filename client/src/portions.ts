import {
  type Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  Range,
  type TextDocument,
  type TextDocumentChangeEvent,
  workspace,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type CaseParams, caseMethod } from "../../server/src/lsp/protocol.js";
import { type DocumentEdit, type DocumentPosition, editPart } from "./sentPart.js";

/** How much of a document is sent at a time, in UTF-16 units: some milliseconds of work, so that other extensions are not held up. */
const portion = 1 << 19;
/** Lines that are taken to be a portion before it is known how long they are. */
const firstLines = 400;
/** How long the rest waits until the server has understood the first portion, ms. */
const patience = 500;

/** Sends long documents to the server in portions. */
export interface Portions extends Disposable {
  /** Whether there is more of a document than the server has understood. */
  isBeingSent(uri: string): boolean;
  /** A document was sent to its end, and understood. */
  readonly onDidSend: Event<void>;
}

/** A document of which the server has the beginning. */
interface Sending {
  readonly document: TextDocument;
  /** Where that beginning ends. */
  end: DocumentPosition;
  /** All that is to be sent, one after the other. */
  queue: Promise<void>;
  isStopped: boolean;
}

function behindLastLine({ lineCount }: TextDocument): DocumentPosition {
  return { line: lineCount, character: 0 };
}

/** About a portion of a document from a place on, in whole lines. */
function takePortion(document: TextDocument, { line, character }: DocumentPosition): DocumentEdit {
  const start = { line, character };
  let lines = firstLines;
  for (;;) {
    const end = line + lines < document.lineCount ? { line: line + lines, character: 0 } : behindLastLine(document);
    const text = document.getText(new Range(line, character, end.line, end.character));
    if (text.length >= portion || end.line === document.lineCount) return { start, end, text };
    lines = Math.ceil((lines * portion * 1.1) / Math.max(1, text.length));
  }
}

/**
 * Has long documents sent in portions: an open document that goes on with ordinary changes. So the extension host is never held up by
 * tens of megabytes, and the server understands the first lines while the others come.
 */
export function sendInPortions(client: BaseLanguageClient, log: LogOutputChannel): Portions {
  const sending = new Map<string, Sending>();
  const sent = new EventEmitter<void>();
  const { middleware } = client;

  function sendEdits(of: Sending, edits: readonly DocumentEdit[]): Promise<void> {
    const { uri, version } = of.document;
    const params = {
      textDocument: { uri: uri.toString(), version },
      contentChanges: edits.map(({ start, end, text }) => ({ range: { start, end }, text })),
    };
    of.queue = of.queue.then(() => client.sendNotification("textDocument/didChange", params));
    return of.queue;
  }

  async function sendRest(of: Sending): Promise<void> {
    const { document } = of;
    const uri = document.uri.toString();
    const params: CaseParams = { uri };
    const understand = () => client.sendRequest(caseMethod, params).catch(() => undefined);
    await Promise.race([understand(), new Promise((resolve) => setTimeout(resolve, patience))]);
    while (!of.isStopped && !document.isClosed && of.end.line < document.lineCount) {
      const next = takePortion(document, of.end);
      const from = of.end;
      of.end = next.end;
      await sendEdits(of, [{ start: from, end: from, text: next.text }]);
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    if (!of.isStopped) await understand();
  }

  middleware.didOpen = async (document, next) => {
    const uri = document.uri.toString();
    const isLive = workspace.textDocuments.some((each) => each === document);
    const first = isLive ? takePortion(document, { line: 0, character: 0 }) : undefined;
    if (first === undefined || first.end.line >= document.lineCount) return next(document);
    const opened = next(Object.create(document, { getText: { value: () => first.text } }) as TextDocument);
    const of: Sending = { document, end: first.end, queue: opened, isStopped: false };
    sending.set(uri, of);
    sendRest(of)
      .catch((error: unknown) => log.error(String(error)))
      .finally(() => {
        if (sending.get(uri) !== of) return;
        sending.delete(uri);
        sent.fire();
      });
    return opened;
  };
  middleware.didChange = async (event, next) => {
    const of = sending.get(event.document.uri.toString());
    if (of === undefined) return next(event);
    const edits = editsOf(event).flatMap((edit) => {
      const { edit: own, end } = editPart(edit, of.end);
      of.end = end;
      return own ?? [];
    });
    if (edits.length > 0) await sendEdits(of, edits);
  };
  middleware.didClose = async (document, next) => {
    const uri = document.uri.toString();
    const of = sending.get(uri);
    if (of) of.isStopped = true;
    sending.delete(uri);
    await next(document);
  };

  return {
    isBeingSent: (uri) => sending.has(uri),
    onDidSend: sent.event,
    dispose() {
      for (const of of sending.values()) of.isStopped = true;
      sent.dispose();
    },
  };
}

function editsOf({ contentChanges }: TextDocumentChangeEvent): DocumentEdit[] {
  return contentChanges.map(({ range: { start, end }, text }) => ({
    start: { line: start.line, character: start.character },
    end: { line: end.line, character: end.character },
    text,
  }));
}

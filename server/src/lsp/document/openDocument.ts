import type { TextDocumentContentChangeEvent, TextDocumentsConfiguration } from "vscode-languageserver";
import { type ChunkedText, chunkText, offsetIn, replaceIn } from "./chunkedText.js";

/** An open document, as the editor had it at one time. Every change makes another one. */
export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: ChunkedText;
}

function applyChange(text: ChunkedText, change: TextDocumentContentChangeEvent): ChunkedText {
  if (!("range" in change)) return chunkText(change.text);
  const start = offsetIn(text, change.range.start);
  const end = offsetIn(text, change.range.end);
  return replaceIn(text, Math.min(start, end), Math.max(start, end), change.text);
}

/** Has the library keep documents in chunks. */
export const openDocuments: TextDocumentsConfiguration<OpenDocument> = {
  create: (uri, _language, version, content) => ({ uri, version, text: chunkText(content) }),
  update: (document, changes, version) => ({ ...document, version, text: changes.reduce(applyChange, document.text) }),
};
